import type { PlainMap, PlainValue } from "../engine/resource-type";
import { isMap } from "../engine/wire";
import { metadataOf, withMetadata } from "./manifest";
import type { TypeToken } from "./type-token";

/** kubectl keeps a whole earlier manifest here, values and all. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const SHORTEST_SECRET = 4;

export function isSecret(type: TypeToken): boolean {
  return type.apiVersion === "v1" && type.kind === "Secret";
}

/** What the API server will make of `data` and `stringData`: base64, with `stringData` the stronger. */
export function effectiveData(secret: PlainMap): PlainMap {
  const data = isMap(secret.data) ? secret.data : {};
  const plain = isMap(secret.stringData) ? secret.stringData : {};
  const encoded = Object.entries(plain).map(([key, value]): [string, PlainValue] => [key, encode(value)]);
  return { ...data, ...Object.fromEntries(encoded) };
}

/** Shows a live Secret in the words of its inputs: a key given as `stringData` is read back decoded. */
export function inWordsOf(inputs: PlainMap, live: PlainMap): PlainMap {
  if (!isMap(inputs.stringData)) return live;
  const data: PlainMap = isMap(live.data) ? live.data : {};
  const keys = Object.keys(inputs.stringData).filter((key) => data[key] !== undefined);
  return { ...live, stringData: Object.fromEntries(keys.map((key) => [key, decode(data[key] ?? null)])) };
}

/** Takes out what would put a Secret's values where nobody looks for them. */
export function withoutHiddenCopies(live: PlainMap): PlainMap {
  const { annotations } = metadataOf(live);
  if (!isMap(annotations) || annotations[LAST_APPLIED] === undefined) return live;
  const { [LAST_APPLIED]: _copy, ...others } = annotations;
  return withMetadata(live, { annotations: others });
}

/** A refusal may quote the value it refuses. */
export function redacted(message: string, secret: PlainMap): string {
  const encoded = Object.values(effectiveData(secret)).filter((value) => typeof value === "string");
  const texts = [...encoded, ...encoded.map(decode)].filter((value) => typeof value === "string");
  return texts
    .filter((value) => value.length >= SHORTEST_SECRET)
    .reduce((text, value) => text.replaceAll(value, "[secret]"), message);
}

function encode(value: PlainValue): PlainValue {
  return typeof value === "string" ? Buffer.from(value, "utf8").toString("base64") : value;
}

function decode(value: PlainValue): PlainValue {
  return typeof value === "string" ? Buffer.from(value, "base64").toString("utf8") : value;
}
