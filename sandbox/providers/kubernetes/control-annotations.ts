import { renderPath } from "../engine/property-path";
import type { InputFailure, PlainMap } from "../engine/resource-type";
import { isMap } from "../engine/wire";
import { annotationOf, metadataOf } from "./manifest";

const PREFIX = "pulumi.com/";

/** Annotations that steer the provider. Like the official one, it leaves them on the object. */
export const CONTROL = {
  autonamed: `${PREFIX}autonamed`,
  skipAwait: `${PREFIX}skipAwait`,
  timeoutSeconds: `${PREFIX}timeoutSeconds`,
  patchForce: `${PREFIX}patchForce`,
  patchFieldManager: `${PREFIX}patchFieldManager`,
  deletionPropagation: `${PREFIX}deletionPropagationPolicy`,
} as const;

const KNOWN: readonly string[] = Object.values(CONTROL);

export function isSet(object: PlainMap, annotation: string): boolean {
  return annotationOf(object, annotation) === "true";
}

/** How long to wait for the cluster to catch up. */
export function timeoutMs(object: PlainMap, defaultSeconds: number): number {
  const seconds = Number(annotationOf(object, CONTROL.timeoutSeconds));
  return (Number.isInteger(seconds) && seconds > 0 ? seconds : defaultSeconds) * 1000;
}

export function propagationPolicy(object: PlainMap): "Orphan" | "Background" | "Foreground" {
  const asked = annotationOf(object, CONTROL.deletionPropagation)?.toLowerCase();
  if (asked === "orphan") return "Orphan";
  return asked === "background" ? "Background" : "Foreground";
}

/** Silence about an annotation that the official provider obeys would be a difference nobody sees. */
export function annotationFailures(inputs: PlainMap): InputFailure[] {
  const { annotations } = metadataOf(inputs);
  if (!isMap(annotations)) return [];
  return Object.keys(annotations)
    .filter((key) => key.startsWith(PREFIX) && !KNOWN.includes(key))
    .map((key) => ({
      path: renderPath(["metadata", "annotations", key]),
      reason: `the stand-in does not know the annotation ${key}; it knows ${KNOWN.join(", ")}`,
    }));
}
