import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { type PlainMap, type PlainValue, UNKNOWN } from "./resource-type";

/** Pulumi's markers on the wire. They are fixed by the engine's protocol. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7";
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Plain values off the wire, with what the wire said of their secrecy. */
export interface Received {
  readonly values: PlainMap;
  /** Top-level properties that are, or hold, a secret. */
  readonly secrets: ReadonlySet<string>;
  /** Every secret text met, so that an error message can be cleared of it. */
  readonly secretTexts: readonly string[];
}

/**
 * Reads a properties message. Top-level nulls count as absent, as everywhere in Pulumi. With `assets`, an asset or an archive
 * is a map as the wire has it (`hash`, and `path`, `text` or `uri`), for `isAsset` to tell.
 */
export function receive(message: Struct | undefined, assets = false): Received {
  const secretTexts: string[] = [];
  const secrets = new Set<string>();
  const values: Record<string, PlainValue> = {};
  for (const [key, value] of fieldsOf(message)) {
    const reader = new ValueReader(secretTexts, assets);
    const plain = reader.read(value, false);
    if (reader.metSecret) secrets.add(key);
    if (plain !== null) values[key] = plain;
  }
  return { values, secrets, secretTexts };
}

/** Writes plain values as a properties message; the properties named in `secrets` are marked secret as a whole. */
export function send(values: PlainMap, secrets: Iterable<string> = []): Struct {
  const secretNames = new Set(secrets);
  const message = new Struct();
  const fields = message.getFieldsMap();
  for (const [key, value] of Object.entries(values)) {
    const wire = toWire(value);
    fields.set(key, secretNames.has(key) ? secretOf(wire) : wire);
  }
  return message;
}

class ValueReader {
  metSecret = false;
  constructor(
    private readonly secretTexts: string[],
    private readonly assets: boolean,
  ) {}

  read(value: Value, inSecret: boolean): PlainValue {
    switch (value.getKindCase()) {
      case Value.KindCase.BOOL_VALUE:
        return value.getBoolValue();
      case Value.KindCase.NUMBER_VALUE:
        return value.getNumberValue();
      case Value.KindCase.STRING_VALUE:
        return this.readText(value.getStringValue(), inSecret);
      case Value.KindCase.LIST_VALUE:
        return (value.getListValue()?.getValuesList() ?? []).map((item) => this.read(item, inSecret));
      case Value.KindCase.STRUCT_VALUE:
        return this.readStruct(value.getStructValue(), inSecret);
      default:
        return null;
    }
  }

  private readText(text: string, inSecret: boolean): PlainValue {
    if (UNKNOWNS.has(text)) return UNKNOWN;
    if (inSecret) this.secretTexts.push(text);
    return text;
  }

  private readStruct(struct: Struct | undefined, inSecret: boolean): PlainValue {
    const signature = struct?.getFieldsMap().get(SIGNATURE_KEY)?.getStringValue();
    if (signature === SECRET_SIGNATURE) {
      this.metSecret = true;
      const inner = struct?.getFieldsMap().get("value");
      return inner === undefined ? null : this.read(inner, true);
    }
    const isContent = signature === ASSET_SIGNATURE || signature === ARCHIVE_SIGNATURE;
    if (signature !== undefined && !(isContent && this.assets)) {
      throw new Error("assets, archives and resource references are not understood by this stand-in");
    }
    const plain: Record<string, PlainValue> = {};
    for (const [key, value] of fieldsOf(struct)) plain[key] = this.read(value, inSecret);
    return plain;
  }
}

function toWire(plain: PlainValue): Value {
  const value = new Value();
  if (plain === null) value.setNullValue(NullValue.NULL_VALUE);
  else if (plain === UNKNOWN) value.setStringValue(UNKNOWN_STRING);
  else if (typeof plain === "string") value.setStringValue(plain);
  else if (typeof plain === "number") value.setNumberValue(plain);
  else if (typeof plain === "boolean") value.setBoolValue(plain);
  else if (isList(plain)) value.setListValue(new ListValue().setValuesList(plain.map(toWire)));
  else if (typeof plain === "object") value.setStructValue(send(plain));
  return value;
}

function secretOf(inner: Value): Value {
  const marked = new Struct();
  marked.getFieldsMap().set(SIGNATURE_KEY, new Value().setStringValue(SECRET_SIGNATURE));
  marked.getFieldsMap().set("value", inner);
  return new Value().setStructValue(marked);
}

/** `toArray` and `entries` of the generated map give raw arrays for messages; only `forEach` gives the messages. */
function fieldsOf(struct: Struct | undefined): [string, Value][] {
  const fields: [string, Value][] = [];
  struct?.getFieldsMap().forEach((value, key) => {
    fields.push([key, value]);
  });
  return fields;
}

/** True for an asset that was received as a map. An archive is none. */
export function isAsset(value: PlainValue | undefined): value is PlainMap {
  return isMap(value) && value[SIGNATURE_KEY] === ASSET_SIGNATURE;
}

/** `Array.isArray` that also narrows a read-only list. */
export function isList(value: PlainValue | undefined): value is readonly PlainValue[] {
  return Array.isArray(value);
}

export function isMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
