import { Refusal } from "../refusal";
import type { Envelope } from "./batch";
import type { JsonObject } from "./record";

/** A key of a vault, and which version an event speaks of. Names in lower case, since Key Vault takes them in any. */
export interface KeyVersion {
  readonly vault: string;
  readonly key: string;
  /** A hint, not an order: whoever rewraps asks the vault for the current one. Absent where the event has none. */
  readonly version?: string;
}

/** The one event that means work. A new key raises it too. */
const NEW_VERSION = "Microsoft.KeyVault.KeyNewVersionCreated";

const NAME = /^[0-9a-z-]{1,127}$/i;
const VERSION = /^[0-9a-z]{1,64}$/i;

/**
 * The new key version that an event tells of, or undefined for every other event.
 *
 * Microsoft's published sample has a blank behind a property's name and one in front of a value, and elsewhere names differ in case:
 * both are read as they were meant. `NBF` and `EXP`, which come as text, number or null, are not read at all.
 *
 * @throws Refusal 400 when it tells of a key but not which, or of two at once.
 */
export function keyVersionOf({ type, source, data }: Envelope): KeyVersion | undefined {
  if (type.trim().toLowerCase() !== NEW_VERSION.toLowerCase()) return undefined;
  const fields = tidy(data);
  const kind = fields.get("objecttype");
  if (kind !== undefined && kind.toLowerCase() !== "key") return undefined;
  const address = addressed(fields.get("id"));
  const vault = agreed("vault", fields.get("vaultname"), address?.vault, vaultOf(source));
  const key = agreed("key", fields.get("objectname"), address?.key);
  if (vault === undefined || key === undefined || !NAME.test(vault) || !NAME.test(key))
    throw contradiction("an event of a new key version does not say of which key");
  const version = agreed("version", fields.get("version"), address?.version);
  if (version !== undefined && !VERSION.test(version))
    throw contradiction("an event's key version is not letters and digits");
  return { vault, key, ...(version !== undefined && { version }) };
}

/** Text values by name in lower case, without blanks around either; empty ones left out. */
function tidy(data: JsonObject): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === "string" && value.trim() !== "") fields.set(name.trim().toLowerCase(), value.trim());
  }
  return fields;
}

/** `https://<vault>.vault.azure.net/keys/<key>/<version>`; the domain differs from cloud to cloud. */
function addressed(id: string | undefined): Partial<KeyVersion> | undefined {
  const [, vault, key, version] =
    /^https:\/\/([^./]+)\.[^/]+\/keys\/([^/]+)(?:\/([^/]+))?\/?$/i.exec(id ?? "") ?? [];
  if (vault === undefined || key === undefined) return undefined;
  return { vault, key, ...(version !== undefined && { version }) };
}

/** The vault's name in its ARM id. */
function vaultOf(source: string): string | undefined {
  return /\/providers\/Microsoft\.KeyVault\/vaults\/([^/]+)\/?$/i.exec(source)?.[1];
}

function agreed(what: string, ...values: readonly (string | undefined)[]): string | undefined {
  let said: string | undefined;
  for (const value of values) {
    const lower = value?.toLowerCase();
    if (said !== undefined && lower !== undefined && said !== lower)
      throw contradiction(`an event names two different values for its ${what}`);
    said ??= lower;
  }
  return said;
}

function contradiction(message: string): Refusal {
  return new Refusal(400, "malformed_event", message);
}
