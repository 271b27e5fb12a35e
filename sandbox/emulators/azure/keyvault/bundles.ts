import type { JsonObject } from "../json";
import { shapeOf } from "./crypto";
import type { Key, KeyVersion, Secret, SecretVersion, VersionAttributes } from "./model";
import { recovery, type Vault } from "./vaults";

/** What clients see of a version of a key. */
export function keyBundle(vault: Vault, name: string, version: KeyVersion): JsonObject {
  const { n, e } = shapeOf(version.privateKey);
  const { kty, ops, tags } = version;
  return {
    key: { kid: `${vault.uri}/keys/${name}/${version.id}`, kty, key_ops: ops, n, e },
    attributes: { ...attributesOf(vault, version), exportable: false },
    ...tagged(tags),
  };
}

export function keyItem(vault: Vault, name: string, version: KeyVersion, versioned: boolean): JsonObject {
  const kid = `${vault.uri}/keys/${name}${versioned ? `/${version.id}` : ""}`;
  return { kid, attributes: { ...attributesOf(vault, version), exportable: false }, ...tagged(version.tags) };
}

export function deletedKey(vault: Vault, key: Key, item = false): JsonObject {
  const newest = newestOf(key);
  const shown = item ? keyItem(vault, key.name, newest, false) : keyBundle(vault, key.name, newest);
  return { ...deletionOf(vault, "keys", key), ...shown };
}

export function secretBundle(vault: Vault, name: string, version: SecretVersion): JsonObject {
  return { value: version.value, ...secretItem(vault, name, version, true) };
}

export function secretItem(
  vault: Vault,
  name: string,
  version: SecretVersion,
  versioned: boolean,
): JsonObject {
  const { contentType, tags } = version;
  return {
    id: `${vault.uri}/secrets/${name}${versioned ? `/${version.id}` : ""}`,
    ...(contentType !== undefined && { contentType }),
    attributes: attributesOf(vault, version),
    ...tagged(tags),
  };
}

export function deletedSecret(vault: Vault, secret: Secret, item = false): JsonObject {
  return {
    ...deletionOf(vault, "secrets", secret),
    ...secretItem(vault, secret.name, newestOf(secret), !item),
  };
}

export function attributesOf(
  vault: Vault,
  { enabled, nbf, exp, created, updated }: VersionAttributes,
): JsonObject {
  return {
    enabled,
    ...(nbf !== undefined && { nbf }),
    ...(exp !== undefined && { exp }),
    created,
    updated,
    ...recovery(vault),
  };
}

export function newestOf<Version>({ versions }: { readonly versions: readonly Version[] }): Version {
  const newest = versions.at(-1);
  if (newest === undefined) throw new Error("a key or secret without versions");
  return newest;
}

function deletionOf(vault: Vault, kind: "keys" | "secrets", { name, deleted }: Key | Secret): JsonObject {
  const seconds = (ms = 0) => Math.floor(ms / 1_000);
  return {
    recoveryId: `${vault.uri}/deleted${kind}/${name}`,
    deletedDate: seconds(deleted?.at),
    scheduledPurgeDate: seconds(deleted?.purgeAt),
  };
}

function tagged(tags: Readonly<Record<string, string>>): JsonObject {
  return Object.keys(tags).length === 0 ? {} : { tags };
}
