import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { isList, isMap } from "../../engine/wire";
import { type Fields, fieldsOf, type Property } from "./property";

/** Which of Azure's answer is wanted: what a program could say, or what it is told. */
export type View = "inputs" | "outputs";

type Building = { [name: string]: PlainValue };

/** Values by the SDK's names as Azure has them, without outputs and what the table does not know. */
export function toBody(fields: Fields, values: PlainMap): PlainMap {
  const body: Building = {};
  for (const [name, row] of Object.entries(fields)) {
    const value = row.outputOnly ? undefined : (values[name] ?? undefined);
    if (value !== undefined) put(body, [...(row.within ?? []), row.wire ?? name], valueToBody(row, value));
  }
  return body;
}

function put(body: Building, [name = "", ...rest]: readonly string[], value: PlainValue): void {
  if (rest.length === 0) {
    body[name] = value;
    return;
  }
  const inner: Building = { ...(isMap(body[name]) ? body[name] : {}) };
  put(inner, rest, value);
  body[name] = inner;
}

function valueToBody(row: Property, value: PlainValue): PlainValue {
  if (isList(value)) {
    if (row.kind === "ids") return Object.fromEntries(value.map((id) => [String(id), {}]));
    return row.kind === "list" ? value.map((item) => valueToBody(row.of, item)) : value;
  }
  if (!isMap(value)) return value;
  if (row.kind === "map") return entriesOf(value, (item) => valueToBody(row.of, item));
  const fields = fieldsOf(row, value);
  return fields === undefined ? value : toBody(fields, value);
}

/** Azure's answer by the SDK's names, as far as the table knows them. */
export function fromBody(fields: Fields, body: PlainMap, view: View): PlainMap {
  const values: Building = {};
  for (const [name, row] of Object.entries(fields)) {
    if (view === "inputs" ? row.outputOnly : row.writeOnly) continue;
    const value = at(body, [...(row.within ?? []), row.wire ?? name]);
    const told = value === undefined ? undefined : valueFromBody(row, value, view);
    if (told !== undefined) values[name] = told;
  }
  return values;
}

/** `undefined` for an object of a case that the table does not have. */
function valueFromBody(row: Property, value: PlainValue, view: View): PlainValue | undefined {
  if (isList(value)) {
    if (row.kind !== "list") return value;
    return value.map((item) => valueFromBody(row.of, item, view)).filter((item) => item !== undefined);
  }
  if (!isMap(value)) return value;
  if (row.kind === "ids" && view === "inputs") return Object.keys(value).sort();
  if (row.kind === "map") return entriesOf(value, (item) => valueFromBody(row.of, item, view) ?? null);
  if (row.kind === "ids") return value;
  const fields = fieldsOf(row, value);
  return fields === undefined ? undefined : fromBody(fields, value, view);
}

function at(body: PlainMap, path: readonly string[]): PlainValue | undefined {
  let here: PlainValue | undefined = body;
  for (const name of path) here = isMap(here) ? here[name] : undefined;
  return here ?? undefined;
}

function entriesOf(map: PlainMap, change: (value: PlainValue) => PlainValue): PlainMap {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
}
