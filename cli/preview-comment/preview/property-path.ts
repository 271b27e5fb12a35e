import { isObject, ownProperty, SECRET } from "../secrets/pulumi-values";

export type PathStep = string | number;

const STEP = /\.?([^.[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** Steps of a property path as Pulumi writes it: `spec.template`, `rules[0]`, `data["config.yaml"]`. One step where it is no path. */
export function pathSteps(path: string): PathStep[] {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (match === null) return [path];
    const [, name, index, quoted] = match;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(unquoted(quoted));
  }
  return steps;
}

/** The value at a path; the secret itself where the path leads into one; undefined where there is none. */
export function valueAt(value: unknown, steps: readonly PathStep[]): unknown {
  let at = value;
  for (const step of steps) {
    if (at === SECRET) return SECRET;
    if (typeof step === "number") at = Array.isArray(at) ? at[step] : undefined;
    else at = isObject(at) ? ownProperty(at, step) : undefined;
  }
  return at;
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
