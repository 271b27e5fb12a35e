import type { Recipient } from "./recipient";

/** Formats in which sops keeps a file. `binary` is JSON with one value, `data`. */
export type SopsFormat = "yaml" | "json" | "dotenv" | "ini" | "binary";

/** What rewrapping changes at one recipient. Fields that sops does not write for its kind stay absent. */
export interface RewrappedRecipient {
  readonly recipient: Recipient;
  readonly wrapped: string;
  /** Only for kinds that keep a version beside the wrapped key (azure_kv). */
  readonly version?: string;
  /** RFC 3339 in UTC, whole seconds, as sops writes it. Only where `version` changes too. */
  readonly createdAt?: string;
}

/**
 * A file encrypted by sops, read without decrypting anything. Offsets and contents are of bytes: `content` holds one character a
 * byte (latin1), so that what is not touched stays as it is, whatever its encoding.
 */
export interface SopsFile {
  readonly format: SopsFormat;
  readonly content: string;
  /** In the order of the file. A file always has at least one. */
  readonly recipients: readonly Recipient[];
  /** How many key groups are needed, where the file has more than one group. */
  readonly shamirThreshold?: number;
  /** Settings that are frozen in the file, as it has them: `encrypted_regex`, `mac_only_encrypted`, `version`, `lastmodified`, … */
  readonly settings: Readonly<Record<string, string>>;
  /** The content with these recipients' wrapped keys in place of the old ones, and not another byte changed. */
  rewrapped(changes: readonly RewrappedRecipient[]): string;
}
