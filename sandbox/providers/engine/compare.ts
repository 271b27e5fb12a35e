import { type PathStep, parsePath, renderPath } from "./property-path";
import { type PlainMap, type PlainValue, UNKNOWN } from "./resource-type";
import { isList, isMap } from "./wire";

export type Change = "add" | "delete" | "update";

/** Deep equality of plain values. An unknown value equals nothing, itself included: it may turn out different. */
export function equal(a: PlainValue | undefined, b: PlainValue | undefined): boolean {
  return compare(a, b).size === 0;
}

/**
 * Every place in which two values differ: property path → what happens there on the way from `before` to `after`. A
 * whole map or list that appears or goes is one change at its own path. Null counts as absent.
 */
export function compare(
  before: PlainValue | undefined,
  after: PlainValue | undefined,
  at: readonly PathStep[] = [],
): Map<string, Change> {
  const changes = new Map<string, Change>();
  walk(before ?? undefined, after ?? undefined, at, changes);
  return changes;
}

function walk(
  before: PlainValue | undefined,
  after: PlainValue | undefined,
  at: readonly PathStep[],
  changes: Map<string, Change>,
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined) changes.set(renderPath(at), "add");
  else if (after === undefined) changes.set(renderPath(at), "delete");
  else if (isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      walk(before[key] ?? undefined, after[key] ?? undefined, [...at, key], changes);
    }
  } else if (isList(before) && isList(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      walk(before[index] ?? undefined, after[index] ?? undefined, [...at, index], changes);
    }
  } else if (before !== after || before === UNKNOWN) changes.set(renderPath(at), "update");
}

/** The value at a property path, `undefined` where the path leads nowhere. */
export function valueAt(map: PlainMap, path: string): PlainValue | undefined {
  let here: PlainValue | undefined = map;
  for (const step of parsePath(path)) {
    if (typeof step === "number") here = isList(here) ? here[step] : undefined;
    else here = isMap(here) ? here[step] : undefined;
  }
  return here;
}

/** True when an unknown value is anywhere inside. */
export function hasUnknown(value: PlainValue | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isMap(value) && Object.values(value).some(hasUnknown);
}
