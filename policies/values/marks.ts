/** In the place of a value that is known only once its resource was made. */
export const UNKNOWN = Symbol("unknown");

/** In the place of a secret whose content is not at hand, as in an exported stack. */
export const SECRET = Symbol("secret");

/** How Pulumi marks a value that is more than JSON: an object with this key. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Texts that stand for an unknown value on Pulumi's wire, one for each type of a value. */
const UNKNOWN_TEXTS: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** What `pulumi preview --json` writes in the place of a secret. */
const SECRET_TEXT = "[secret]";

type PlainObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A value in any of the forms in which Pulumi hands it over (wire, state, preview, mocks), as plain JSON with UNKNOWN and
 * SECRET where its content is not at hand. A secret whose content is at hand is that content.
 */
export function plainOf(value: unknown): unknown {
  if (UNKNOWN_TEXTS.has(value)) return UNKNOWN;
  if (value === SECRET_TEXT) return SECRET;
  if (Array.isArray(value)) return value.map(plainOf);
  if (!isObject(value)) return value;
  if ("__pulumiUnknown" in value) return UNKNOWN;
  if (SIGNATURE in value) return signedValue(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainOf(each)]));
}

function signedValue(value: PlainObject): unknown {
  switch (value[SIGNATURE]) {
    case SECRET_SIGNATURE:
      return secretValue(value);
    case OUTPUT_SIGNATURE:
      return "value" in value ? plainOf(value.value) : UNKNOWN;
    default:
      // Assets, archives and references to resources: no rule is about their content.
      return SECRET;
  }
}

/** On the wire a secret has a `value`; in a state that is shown with its secrets a `plaintext`, which is JSON. */
function secretValue(value: PlainObject): unknown {
  if ("value" in value) return plainOf(value.value);
  if (typeof value.plaintext !== "string") return SECRET;
  try {
    return plainOf(JSON.parse(value.plaintext));
  } catch {
    return SECRET;
  }
}
