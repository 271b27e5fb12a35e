import { CliError } from "../errors/cli-error";
import type { Leaf } from "./leaf";
import { RECIPIENT_KINDS, type Recipient, type RecipientKind } from "./recipient";

/** A recipient and the values of it that rewrapping may write. */
export interface Placed {
  readonly recipient: Recipient;
  readonly enc: Leaf;
  readonly version?: Leaf;
  readonly createdAt?: Leaf;
}

/** What the metadata of one document says. */
export interface Metadata {
  readonly placed: readonly Placed[];
  readonly shamirThreshold?: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** Fields without which a key cannot be told, by kind. */
const IDENTITY: Readonly<Record<RecipientKind, readonly string[]>> = {
  hc_vault: ["vault_address", "engine_path", "key_name"],
  azure_kv: ["vault_url", "name"],
  kms: ["arn"],
  gcp_kms: ["resource_id"],
  age: ["recipient"],
  pgp: ["fp"],
  hckms: ["key_id"],
};

const FIELD = new RegExp(`^(?:key_groups\\.(\\d+)\\.)?(${RECIPIENT_KINDS.join("|")})\\.(\\d+)\\.(.+)$`);

/**
 * Undefined for a `sops` that is somebody's own setting and not sops's. @throws CliError where a recipient lacks what makes it one.
 *
 * @param where the file, for errors, and how to find a line in it
 */
export function metadataOf(
  leaves: readonly Leaf[],
  where: (leaf: Leaf | undefined) => string,
): Metadata | undefined {
  const settings: Record<string, string> = {};
  const entries = new Map<string, { kind: RecipientKind; group: number; leaves: Map<string, Leaf> }>();
  for (const leaf of leaves) {
    if (!leaf.path.includes(".")) {
      settings[leaf.path] = leaf.value;
      continue;
    }
    const [, group, kind, position, field] = FIELD.exec(leaf.path) ?? [];
    if (kind === undefined || field === undefined) continue;
    const id = `${group ?? ""} ${kind} ${position}`;
    const entry = entries.get(id) ?? {
      kind: kind as RecipientKind,
      group: Number(group ?? 0),
      leaves: new Map(),
    };
    entries.set(id, entry);
    entry.leaves.set(field, leaf);
  }
  const isOurs =
    settings.mac !== undefined || (settings.lastmodified !== undefined && settings.version !== undefined);
  if (!isOurs && entries.size === 0) return undefined;
  if (!isOurs)
    throw new CliError(
      `${where(leaves[0])}: its "sops" has neither mac nor lastmodified: cut short; restore it from git`,
    );
  if (entries.size === 0)
    throw new CliError(
      `${where(leaves[0])}: its "sops" names no key: cut short or merged badly; restore it from git`,
    );
  const threshold = Number(settings.shamir_threshold ?? 0);
  return {
    placed: [...entries.values()].map((entry) => placedOf(entry.kind, entry.group, entry.leaves, where)),
    ...(threshold > 0 && { shamirThreshold: threshold }),
    settings,
  };
}

function placedOf(
  kind: RecipientKind,
  group: number,
  leaves: ReadonlyMap<string, Leaf>,
  where: (leaf: Leaf | undefined) => string,
): Placed {
  const fields = Object.fromEntries([...leaves].map(([name, { value }]) => [name, value]));
  const missing = [...IDENTITY[kind], "enc"].find((name) => (fields[name] ?? "") === "");
  const enc = leaves.get("enc");
  if (missing !== undefined || !enc) {
    const first = leaves.values().next().value;
    throw new CliError(
      `${where(first)}: a key of ${kind} lacks its "${missing}": cut short or merged badly; restore it from git`,
    );
  }
  if (kind === "hc_vault" && !isWholeCiphertext(enc.value.trim()))
    throw new CliError(
      `${where(enc)}: a data key is not as Vault writes it, vault:vN:<base64>: cut short; restore it from git`,
    );
  const { enc: _, ...others } = fields;
  const [version, createdAt] = [leaves.get("version"), leaves.get("created_at")];
  const shown = kind === "hc_vault" ? /^vault:v(\d+):/.exec(enc.value)?.[1] : version?.value || undefined;
  return {
    recipient: {
      kind,
      group,
      key: keyOf(kind, fields),
      ...(shown !== undefined && { version: shown }),
      // Where somebody has put it into a block, a line end belongs to it.
      wrapped: kind === "hc_vault" ? enc.value.trim() : enc.value,
      fields: others,
    },
    enc,
    ...(version && { version }),
    ...(createdAt && { createdAt }),
  };
}

function isWholeCiphertext(text: string): boolean {
  const base64 = /^vault:v\d+:([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  return base64 !== undefined && base64.length % 4 === 0;
}

function keyOf(kind: RecipientKind, fields: Readonly<Record<string, string>>): string {
  const of = (name: string) => fields[name] ?? "";
  switch (kind) {
    case "hc_vault":
      return `${withoutSlash(of("vault_address")).toLowerCase()}/v1/${of("engine_path").replace(/^\/+|\/+$/g, "")}/keys/${of("key_name")}`;
    case "azure_kv":
      return `${withoutSlash(of("vault_url"))}/keys/${of("name")}`;
    default:
      return of(IDENTITY[kind][0] ?? "");
  }
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, "");
}
