/** Kinds of key that a sops file can name, by the name of their list in the file's metadata. */
export const RECIPIENT_KINDS = ["hc_vault", "azure_kv", "kms", "gcp_kms", "age", "pgp", "hckms"] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/** A stretch of the file: offsets in bytes, `end` not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One key that a sops file was encrypted for, with the file's data key (or its Shamir part) as wrapped by it. */
export interface Recipient {
  readonly kind: RecipientKind;
  /** Position of its key group, from 0; always 0 in a file without key groups. */
  readonly group: number;
  /**
   * The key itself, without any version, the same text wherever the same key is meant:
   * `https://host:port/v1/<mount>/keys/<name>` (hc_vault), `https://<vault host>/keys/<name>` (azure_kv), the ARN, the resource id, the
   * age recipient, the fingerprint.
   */
  readonly key: string;
  /** Version that wrapped the data key as the file tells it: `3` for `vault:v3:…`, the version of azure_kv; else absent. */
  readonly version?: string;
  /** The wrapped data key, as it stands in the file. For age: its armoured text. */
  readonly wrapped: string;
  /** Other fields of this entry, as the file has them: `vault_address`, `engine_path`, `key_name`, `created_at`, `arn`, `role`, … */
  readonly fields: Readonly<Record<string, string>>;
}
