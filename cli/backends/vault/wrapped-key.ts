/** A data key as Vault's transit engine wraps it: `vault:v3:<base64>`. */
export interface WrappedKey {
  readonly version: number;
  /** Length of what the base64 holds. */
  readonly length: number;
}

/** Bytes of a nonce and a tag, and of the shortest data key that could be in there. */
const SHORTEST = 12 + 16 + 16;

/** Undefined for anything that Vault would not have written. */
export function wrappedKey(text: string): WrappedKey | undefined {
  const [, version, base64 = ""] = /^vault:v([1-9][0-9]{0,8}):([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  if (version === undefined || base64.length % 4 !== 0) return undefined;
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return { version: Number(version), length: (base64.length / 4) * 3 - padding };
}

/**
 * What is wrong with Vault's answer to a rewrap, if anything: it must be newly wrapped, by the current version, and be as long as
 * before, since it holds the same data key.
 */
export function flawOf(before: string, after: unknown, current: number): string | undefined {
  if (typeof after !== "string") return "Vault's answer holds no ciphertext";
  const [old, fresh] = [wrappedKey(before), wrappedKey(after)];
  if (!fresh) return "Vault's answer is not of the form vault:vN:<base64>";
  if (after === before) return "Vault gave the old wrapped key back";
  if (fresh.version < current)
    return `Vault wrapped it by version ${fresh.version}, not by the current ${current}`;
  if (fresh.length < SHORTEST || (old && old.length !== fresh.length))
    return `Vault's answer holds ${fresh.length} bytes where the old wrapped key has ${old?.length ?? "another number of"}`;
  return undefined;
}
