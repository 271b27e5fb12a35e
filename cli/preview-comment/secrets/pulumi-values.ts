/** How Pulumi writes a value that is more than JSON: an object with this key. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** What stands in the place of a secret. `pulumi preview --json` itself writes the same text. */
export const SECRET = "[secret]";
/** In the place of a value that is only known once it was made. */
export const UNKNOWN = "[known after apply]";

const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** One for each type of a value; a preview writes the first for any. */
const UNKNOWNS = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export type PlainObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value's own property: `constructor` and the like are names as any other in what people declare. */
export function ownProperty(value: PlainObject | undefined, name: string): unknown {
  return value !== undefined && Object.hasOwn(value, name) ? value[name] : undefined;
}

/**
 * The same value as plain JSON: secrets, unknowns and references are texts, and texts that hold JSON are what they hold, so that
 * secrets in them are found by name. An asset is told by its hash, never by its content. A signature that is not known here counts
 * as a secret.
 */
export function plainValue(value: unknown): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : (jsonIn(value) ?? value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isObject(value)) return value;
  if (SIGNATURE in value) return signedValue(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainValue(each)]));
}

function signedValue(value: PlainObject): unknown {
  switch (value[SIGNATURE]) {
    case ASSET:
    case ARCHIVE:
      return typeof value.hash === "string" ? `[file ${value.hash.slice(0, 12)}]` : "[file]";
    case RESOURCE:
      return typeof value.urn === "string" ? value.urn : "[resource]";
    case OUTPUT:
      if (value.secret === true) return SECRET;
      return "value" in value ? plainValue(value.value) : UNKNOWN;
    default:
      return SECRET;
  }
}

function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return plainValue(JSON.parse(text));
  } catch {
    return undefined;
  }
}
