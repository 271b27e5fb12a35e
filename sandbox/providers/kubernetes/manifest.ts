import { type PlainMap, type PlainValue, UNKNOWN } from "../engine/resource-type";
import { isList, isMap } from "../engine/wire";

/** Reads and small changes of the parts that every Kubernetes object has. */
export function metadataOf(object: PlainMap): PlainMap {
  return isMap(object.metadata) ? object.metadata : {};
}

/** `undefined` when absent, empty or not known yet. */
export function nameOf(object: PlainMap): string | undefined {
  return text(metadataOf(object).name);
}

export function namespaceOf(object: PlainMap): string | undefined {
  return text(metadataOf(object).namespace);
}

export function annotationOf(object: PlainMap, key: string): string | undefined {
  const { annotations } = metadataOf(object);
  return isMap(annotations) ? text(annotations[key]) : undefined;
}

export function withMetadata(object: PlainMap, entries: PlainMap): PlainMap {
  return { ...object, metadata: { ...metadataOf(object), ...entries } };
}

export function withAnnotation(object: PlainMap, key: string, value: string): PlainMap {
  const { annotations } = metadataOf(object);
  return withMetadata(object, { annotations: { ...(isMap(annotations) ? annotations : {}), [key]: value } });
}

/** Nulls mean "not given" in a program, but "owned and empty" to server-side apply. */
export function withoutNulls(value: PlainMap): PlainMap {
  const kept = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(kept.map(([key, one]) => [key, strip(one)]));
}

/** `namespace/name`, or `name` for what has no namespace. */
export function idOf(object: PlainMap): string {
  const namespace = namespaceOf(object);
  const name = nameOf(object) ?? "";
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Throws one line on an id of another form. */
export function parseId(id: string): { readonly namespace?: string; readonly name: string } {
  const [first = "", second, ...rest] = id.split("/");
  if (rest.length > 0 || first === "" || second === "") {
    throw new Error(
      `"${id}" is no id of a Kubernetes object; write namespace/name, or name for a cluster-wide kind`,
    );
  }
  return second === undefined ? { name: first } : { namespace: first, name: second };
}

export function isGiven(value: PlainValue | undefined): boolean {
  return value === UNKNOWN || (value !== undefined && value !== null && value !== "");
}

function strip(value: PlainValue): PlainValue {
  if (isList(value)) return value.map(strip);
  return isMap(value) ? withoutNulls(value) : value;
}

function text(value: PlainValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
