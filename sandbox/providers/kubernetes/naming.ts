import { randomBytes } from "node:crypto";
import { type PlainMap, UNKNOWN } from "../engine/resource-type";
import { CONTROL, isSet } from "./control-annotations";
import { isGiven, metadataOf, nameOf, withAnnotation, withMetadata } from "./manifest";

/** Gives an unnamed object the name it had before, or a new one, and marks it so that a replacement may rename it. */
export function withName(inputs: PlainMap, previous: PlainMap | undefined, kind: string): PlainMap {
  if (inputs.metadata === UNKNOWN || isGiven(metadataOf(inputs).name)) return inputs;
  const before = previous !== undefined && isSet(previous, CONTROL.autonamed) ? nameOf(previous) : undefined;
  const name = before ?? `${kind.toLowerCase()}-${randomSuffix()}`;
  return withAnnotation(withMetadata(inputs, { name }), CONTROL.autonamed, "true");
}

/** A field manager of its own for each resource, as in the official provider. */
export function newFieldManager(): string {
  return `pulumi-kubernetes-${randomSuffix()}`;
}

function randomSuffix(): string {
  return randomBytes(4).toString("hex");
}
