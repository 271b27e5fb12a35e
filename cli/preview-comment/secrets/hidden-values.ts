import type { Step } from "../preview/step";
import { partsOf } from "../preview/step";
import { isKeptSecret } from "./kept-secret";
import { isKubernetesSecret, SECRET_FIELDS } from "./kubernetes-secret";
import { isObject } from "./pulumi-values";

/**
 * Values that are never shown though nobody has marked them, in clear: a program may print them as well. What Pulumi itself knows
 * as secret is not among them, since its output has nothing but the mark.
 */
export function hiddenValues(steps: readonly Step[]): string[] {
  const found: string[] = [];
  for (const step of steps) {
    const { type } = partsOf(step.urn);
    for (const state of [step.old, step.new])
      for (const values of [state?.inputs, state?.outputs]) collect(type, [], values, false, found);
  }
  return found;
}

function collect(
  type: string,
  path: readonly (string | number)[],
  value: unknown,
  isHidden: boolean,
  found: string[],
): void {
  if (typeof value === "string") {
    if (isHidden) found.push(value, ...decoded(value));
  } else if (Array.isArray(value)) {
    for (const [at, each] of value.entries()) collect(type, [...path, at], each, isHidden, found);
  } else if (isObject(value)) {
    const isSecret = isKubernetesSecret(value);
    for (const [name, each] of Object.entries(value)) {
      const inner = [...path, name];
      const hides = isHidden || isKeptSecret(type, inner) || (isSecret && SECRET_FIELDS.includes(name));
      collect(type, inner, each, hides, found);
    }
  }
}

/** Kubernetes has the values of a Secret in base64; a message has them as they are. */
function decoded(value: string): string[] {
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) || value.length % 4 !== 0) return [];
  const text = Buffer.from(value, "base64").toString("utf8");
  return text.includes("\ufffd") ? [] : [text];
}
