import { compare, equal, hasUnknown } from "../compare";
import { unknownProperties } from "../known-names";
import { type InputFailure, type PlainMap, type PlainValue, UNKNOWN } from "../resource-type";
import { isList, isMap } from "../wire";

/**
 * `set`: a list whose order says nothing. `maps`: a list of maps. `fields`: an object with properties of its own.
 * `records`: a list of such objects whose order says nothing.
 */
export type Kind = "text" | "integer" | "flag" | "list" | "set" | "map" | "maps" | "fields" | "records";

/** One row of a resource type's table: what the official provider's schema says of one property. */
export interface Property {
  readonly kind: Kind;
  readonly required?: true;
  /** Filled in when the program says nothing. */
  readonly default?: PlainValue;
  /** The server has its own idea when the program says nothing, and that idea is no drift. */
  readonly computed?: true;
  /** Only ever an output. */
  readonly outputOnly?: true;
  /** A change needs a new resource. */
  readonly replace?: true;
  readonly secret?: true;
  /** Sent, but kept in no state: a change alone is not seen. */
  readonly writeOnly?: true;
  readonly oneOf?: readonly string[];
  /** At most one of these and this property may be given. */
  readonly conflicts?: readonly string[];
  /** Rows of each object of `records`. */
  readonly fields?: Properties;
  /** Made up from the resource's name when the program says nothing, and kept. */
  readonly autoName?: true;
  /** Two texts that come to the same are the same. */
  readonly normalise?: (text: string) => string;
}

export type Properties = Readonly<Record<string, Property>>;

const ZERO: Readonly<Record<Kind, PlainValue>> = {
  text: "",
  integer: 0,
  flag: false,
  list: [],
  set: [],
  map: {},
  maps: [],
  fields: {},
  records: [],
};

/** What a server takes for "not set". */
export function zeroOf(property: Property): PlainValue {
  return ZERO[property.kind];
}

/** The value as two of them are compared: absent is zero, sets are sorted, texts are in their normal form. */
export function normal(property: Property, value: PlainValue | undefined): PlainValue {
  if (value === undefined || value === null) return property.default ?? zeroOf(property);
  if (typeof value === "string" && property.normalise !== undefined) return property.normalise(value);
  if (property.kind === "fields" && isMap(value)) return withoutZeros(value);
  if (property.kind === "records" && isList(value) && !hasUnknown(value))
    return normalRecords(property, value);
  if (property.kind === "set" && isList(value) && !hasUnknown(value))
    return [...new Set(value.map(String))].sort();
  return value;
}

function normalRecords({ fields = {} }: Property, records: readonly PlainValue[]): PlainValue {
  const told = records.filter(isMap).map((record) => {
    const said = Object.entries(record).filter(([name]) => fields[name]?.outputOnly !== true);
    return withoutZeros(Object.fromEntries(said.sort(([one], [other]) => (one < other ? -1 : 1))));
  });
  return told.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

/** The default that has to be said: zero goes without saying. */
export function spokenDefault(property: Property): PlainValue | undefined {
  const { default: value } = property;
  return value === undefined || equal(value, zeroOf(property)) ? undefined : value;
}

/** Inside an object, too, what is zero is as good as not there. */
export function withoutZeros(value: PlainMap): PlainMap {
  const zeros = Object.values(ZERO);
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => !zeros.some((zero) => equal(zero, field))),
  );
}

/** Property paths in which two values differ. What has no order is one thing. */
export function differences(
  name: string,
  property: Property,
  before: PlainValue,
  after: PlainValue,
): string[] {
  const paths = [...compare(normal(property, before), normal(property, after), [name]).keys()];
  const unordered = property.kind === "set" || property.kind === "records";
  return unordered && paths.length > 0 ? [name] : paths;
}

/** What is wrong with one given value; `undefined` when nothing is. */
export function failureOf(name: string, property: Property, value: PlainValue): InputFailure | undefined {
  if (value === UNKNOWN) return undefined;
  if (property.outputOnly) return { path: name, reason: `${name} is an output and cannot be set` };
  if (!fits(property.kind, value))
    return { path: name, reason: `${name} must be ${EXPECTED[property.kind]}` };
  if (property.oneOf !== undefined && !property.oneOf.includes(String(value))) {
    return {
      path: name,
      reason: `${name} must be one of ${property.oneOf.join(", ")}, not "${String(value)}"`,
    };
  }
  return property.kind === "records" && isList(value) ? recordFailure(name, property, value) : undefined;
}

function recordFailure(
  name: string,
  { fields = {} }: Property,
  records: readonly PlainValue[],
): InputFailure | undefined {
  for (const [index, record] of records.entries()) {
    if (!isMap(record)) continue;
    const at = `${name}[${index}]`;
    const [unknown] = unknownProperties(record, Object.keys(fields), at);
    if (unknown !== undefined) return { ...unknown, path: `${at}.${unknown.path}` };
    for (const [field, row] of Object.entries(fields)) {
      const value = record[field];
      const failure = value === undefined ? undefined : failureOf(`${at}.${field}`, row, value);
      if (failure !== undefined) return failure;
      if (value === undefined && row.required)
        return { path: `${at}.${field}`, reason: `${at} needs ${field}` };
    }
  }
  return undefined;
}

const EXPECTED: Readonly<Record<Kind, string>> = {
  text: "a string",
  integer: "a whole number",
  flag: "true or false",
  list: "a list of strings",
  set: "a list of strings",
  map: "a map of strings",
  maps: "a list of maps of strings",
  fields: "an object",
  records: "a list of objects",
};

function fits(kind: Kind, value: PlainValue): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value);
    case "flag":
      return typeof value === "boolean";
    case "list":
    case "set":
      return isList(value) && value.every(isText);
    case "map":
      return isMap(value) && Object.values(value).every(isText);
    case "maps":
      return isList(value) && value.every((item) => fits("map", item));
    case "fields":
      return isMap(value);
    case "records":
      return isList(value) && value.every((item) => isMap(item) || item === UNKNOWN);
  }
}

function isText(value: PlainValue): boolean {
  return typeof value === "string" || value === UNKNOWN;
}

/** `tokenBoundCidrs` → `token_bound_cidrs`, the spelling of HTTP APIs. */
export function snakeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** An API's answer under Pulumi's names, for the properties that it holds and the table knows. */
export function fromApi(properties: Properties, data: PlainMap): Record<string, PlainValue> {
  const values: Record<string, PlainValue> = {};
  for (const [name, property] of Object.entries(properties)) {
    const field = snakeName(name);
    if (field in data) values[name] = data[field] ?? zeroOf(property);
  }
  return values;
}

/** The named inputs under the API's names. Absent ones are left out. */
export function toApi(inputs: PlainMap, names: readonly string[]): Record<string, PlainValue> {
  const body: Record<string, PlainValue> = {};
  for (const name of names) {
    const value = inputs[name];
    if (value !== undefined) body[snakeName(name)] = value;
  }
  return body;
}
