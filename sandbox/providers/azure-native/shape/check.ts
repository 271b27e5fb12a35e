import { unknownProperties } from "../../engine/known-names";
import { type PathStep, renderPath } from "../../engine/property-path";
import { type InputFailure, type PlainMap, type PlainValue, UNKNOWN } from "../../engine/resource-type";
import { isAsset, isList, isMap } from "../../engine/wire";
import { type Fields, fieldsOf, type Property } from "./property";

/**
 * Everything that is wrong with given properties, down to the innermost.
 *
 * @param what as in "the key vault needs …".
 */
export function failuresOf(
  fields: Fields,
  given: PlainMap,
  what: string,
  at: readonly PathStep[] = [],
): InputFailure[] {
  const settable = Object.entries(fields).filter(([, row]) => !row.outputOnly);
  const unknown = unknownProperties(
    said(given),
    settable.map(([name]) => name),
    what,
  ).map(({ path, reason }) => ({ path: renderPath([...at, path]), reason }));
  const wrong = settable.flatMap(([name, row]) => {
    const value = given[name] ?? undefined;
    const path = [...at, name];
    if (value !== undefined) return failuresIn(row, value, path);
    return row.required ? [{ path: renderPath(path), reason: `${what} needs ${name}` }] : [];
  });
  return [...unknown, ...wrong];
}

function failuresIn(row: Property, value: PlainValue, at: readonly PathStep[]): InputFailure[] {
  if (value === UNKNOWN) return [];
  const path = renderPath(at);
  const expected = EXPECTED[row.kind];
  if (!fits(row, value)) return [{ path, reason: `${path} must be ${expected}` }];
  switch (row.kind) {
    case "text":
      return row.oneOf === undefined || row.oneOf.includes(String(value))
        ? []
        : [{ path, reason: `${path} must be one of ${row.oneOf.join(", ")}, not "${String(value)}"` }];
    case "integer":
      return outOfRange(row, Number(value)) ? [{ path, reason: `${path} must be ${rangeOf(row)}` }] : [];
    case "list":
      return isList(value) ? value.flatMap((item, index) => failuresIn(row.of, item, [...at, index])) : [];
    case "map":
      return isMap(value)
        ? Object.entries(said(value)).flatMap(([name, item]) => failuresIn(row.of, item, [...at, name]))
        : [];
    case "object":
      return isMap(value) ? failuresOf(row.fields, value, path, at) : [];
    case "choice":
      return isMap(value) ? choiceFailures(row, value, at) : [];
    default:
      return [];
  }
}

function choiceFailures(
  row: Extract<Property, { kind: "choice" }>,
  value: PlainMap,
  at: readonly PathStep[],
): InputFailure[] {
  const tag = value[row.tag];
  if (tag === UNKNOWN) return [];
  const fields = fieldsOf(row, value);
  if (fields !== undefined) return failuresOf(fields, value, renderPath(at), at);
  const path = renderPath([...at, row.tag]);
  const cases = Object.keys(row.cases).join(", ");
  const found = tag === undefined || tag === null ? "it is missing" : `not "${String(tag)}"`;
  return [{ path, reason: `${path} must be one of ${cases}, ${found}` }];
}

const EXPECTED: Readonly<Record<Property["kind"], string>> = {
  text: "a string",
  integer: "a whole number",
  number: "a number",
  flag: "true or false",
  list: "a list",
  map: "a map",
  object: "an object",
  choice: "an object",
  ids: "a list of resource ids",
  any: "a value",
  asset: "an asset; an archive that is a file can be a FileAsset",
};

function fits(row: Property, value: PlainValue): boolean {
  switch (row.kind) {
    case "text":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "flag":
      return typeof value === "boolean";
    case "list":
      return isList(value);
    case "ids":
      return isList(value) && value.every((id) => typeof id === "string" || id === UNKNOWN);
    case "asset":
      return isAsset(value);
    case "any":
      return !isAsset(value);
    default:
      return isMap(value);
  }
}

function outOfRange({ least, most }: { least?: number; most?: number }, value: number): boolean {
  return (least !== undefined && value < least) || (most !== undefined && value > most);
}

function rangeOf({ least, most }: { least?: number; most?: number }): string {
  if (most === undefined) return `at least ${least}`;
  return least === undefined ? `at most ${most}` : `from ${least} to ${most}`;
}

/** Inside an object, too, null is as good as absent. */
function said(values: PlainMap): PlainMap {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
