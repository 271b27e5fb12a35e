import type { RecipientKind } from "../sops-file/recipient";

/** A key that a creation rule names. */
export interface WantedKey {
  readonly kind: RecipientKind;
  /** As `Recipient.key` has it. */
  readonly key: string;
  /** Only where a rule pins a version (azure_kv). */
  readonly version?: string;
  /** AWS role, which sops takes for part of the key. */
  readonly role?: string;
}

/** A key as it stands in `.sops.yaml`, or why sops would refuse it. */
export type ReadKey = WantedKey | { readonly problem: string };

/** `https://vault.example.com:8200/v1/<mount>/keys/<name>`, under the same conditions as sops. */
export function vaultKey(text: string): ReadKey {
  const parts = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]+)(\/[^?#]*)$/i.exec(text.trim());
  const [, address = "", path = ""] = parts ?? [];
  const form = "write it as https://vault.example.com:8200/v1/transit/keys/name";
  if (!parts) return { problem: `"${text}" is no address of a Vault key; ${form}` };
  if (/\/[^/]+\/v\d+\/[^/]+\/[^/]+\/[^/]+/.test(path))
    return { problem: `"${text}" has a path before /v1, which sops refuses; ${form}` };
  if (!/\/v\d+\/[^/]+\/[^/]+\/[^/]+/.test(path))
    return { problem: `"${text}" has no /v1/<mount>/keys/<name>; ${form}` };
  const folders = path.split("/").filter((folder) => folder !== "");
  const mount = folders.slice(1, -2).join("/");
  return { kind: "hc_vault", key: `${address.toLowerCase()}/v1/${mount}/keys/${folders.at(-1)}` };
}

/** `https://<vault host>/keys/<name>`, with or without a version at the end. */
export function azureKey(text: string): ReadKey {
  const [, vault, name, version] = /^(https:\/\/[^/]+)\/keys\/([^/]+)(?:\/([^/]*))?$/.exec(text.trim()) ?? [];
  if (vault === undefined || name === undefined)
    return {
      problem: `"${text}" is no address of an Azure key; write it as https://name.vault.azure.net/keys/name`,
    };
  return { kind: "azure_kv", key: `${vault}/keys/${name}`, ...(version && { version }) };
}

/** An ARN, with `+` and the role's ARN behind it where a role is to be taken on. */
export function awsKey(text: string): ReadKey {
  const arn = text.replaceAll(" ", "");
  const at = arn.indexOf("+arn:");
  if (at <= 0) return { kind: "kms", key: arn };
  return { kind: "kms", key: arn.slice(0, at), role: arn.slice(at + 1) };
}

export function gcpKey(text: string): ReadKey {
  return { kind: "gcp_kms", key: text.replaceAll(" ", "") };
}

export function ageKey(text: string): ReadKey {
  return { kind: "age", key: text.trim() };
}

export function pgpKey(text: string): ReadKey {
  return { kind: "pgp", key: text.replaceAll(" ", "") };
}

export function huaweiKey(text: string): ReadKey {
  if (!/^[^:]*[^:\s][^:]*:.*\S/.test(text))
    return { problem: `"${text}" is no Huawei key; write it as region:key-id` };
  return { kind: "hckms", key: text.trim() };
}
