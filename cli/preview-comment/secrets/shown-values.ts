import { isKeptSecret } from "./kept-secret";
import { holdsSecretManifest, isKubernetesSecret, SECRET_FIELDS } from "./kubernetes-secret";
import { masked } from "./masks";
import { isObject, ownProperty, SECRET } from "./pulumi-values";

type Path = readonly (string | number)[];

/**
 * Two values of one property as they may be shown. A place that is secret on either side is on both: what was a secret before the
 * mark was taken off, or is one from now on, is no less of a secret.
 *
 * @param before,after plain values (`plainValue`); undefined where there is none.
 * @param path of the property within its resource.
 */
export function shownPair(
  type: string,
  path: Path,
  before: unknown,
  after: unknown,
): { before: unknown; after: unknown } {
  const isSecret = isKeptSecret(type, path) || before === SECRET || after === SECRET;
  // Where the forms differ, the names within tell nothing about the other side.
  if (isSecret || (formOf(before, after) === "differ" && [before, after].some(holdsSecret)))
    return { before: hidden(before), after: hidden(after) };
  if (Array.isArray(before) || Array.isArray(after)) return pairOfLists(type, path, before, after);
  if (isObject(before) || isObject(after)) return pairOfObjects(type, path, before, after);
  return { before: shownScalar(before), after: shownScalar(after) };
}

function formOf(before: unknown, after: unknown): "same" | "differ" {
  if (before === undefined || after === undefined) return "same";
  return isObject(before) === isObject(after) && Array.isArray(before) === Array.isArray(after)
    ? "same"
    : "differ";
}

function hidden(value: unknown): unknown {
  return value === undefined ? undefined : SECRET;
}

function shownScalar(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return holdsSecretManifest(value) ? SECRET : masked(value);
}

/** The items of a list have no names: where one is secret, it may stand anywhere in the other list. */
function pairOfLists(type: string, path: Path, before: unknown, after: unknown) {
  const lists = [before, after].filter((side) => Array.isArray(side));
  if (lists.some((list) => list.some(holdsSecret))) return { before: hidden(before), after: hidden(after) };
  const [old, now] = [before, after].map((side) => (Array.isArray(side) ? side : undefined));
  const pairs = Array.from({ length: Math.max(old?.length ?? 0, now?.length ?? 0) }, (_, at) =>
    shownPair(type, [...path, at], old?.[at], now?.[at]),
  );
  return {
    before:
      old === undefined ? alone(type, path, before) : pairs.slice(0, old.length).map((pair) => pair.before),
    after:
      now === undefined ? alone(type, path, after) : pairs.slice(0, now.length).map((pair) => pair.after),
  };
}

function pairOfObjects(type: string, path: Path, before: unknown, after: unknown) {
  const [old, now] = [before, after].map((side) => (isObject(side) ? side : undefined));
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])];
  const isSecret = [old, now].some(isKubernetesSecret);
  const pairs = names.map((name) => {
    const [one, other] = [ownProperty(old, name), ownProperty(now, name)];
    const pair =
      isSecret && SECRET_FIELDS.includes(name)
        ? { before: hidden(one), after: hidden(other) }
        : shownPair(type, [...path, name], one, other);
    return [name, pair] as const;
  });
  const of = (side: "before" | "after") =>
    Object.fromEntries(
      pairs.filter(([, pair]) => pair[side] !== undefined).map(([name, pair]) => [masked(name), pair[side]]),
    );
  return {
    before: old === undefined ? alone(type, path, before) : of("before"),
    after: now === undefined ? alone(type, path, after) : of("after"),
  };
}

/** A side that is of another form than its counterpart. */
function alone(type: string, path: Path, value: unknown): unknown {
  return value === undefined ? undefined : shownPair(type, path, value, undefined).before;
}

function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (isObject(value)) return Object.values(value).some(holdsSecret);
  return value === SECRET;
}
