import type { AuditReport as AuditOutput } from "../../../../../components/audit";
import { audit } from "../../preview-comment/support/audit";

export const VAULT = "https://vault.example.com:8200";
export const KEY = `${VAULT}/v1/transit/keys/sops`;
/** When the state was written, and when reports are made. */
export const WRITTEN = "2026-11-25T12:00:00Z";
export const MADE = new Date("2026-11-26T12:00:00Z");
const URN = "urn:pulumi:prod::sopsloop";

/** A resource as `pulumi stack export` writes it. */
export function resource(type: string, name: string, outputs: object, id = `${name}-id`): object {
  return { urn: `${URN}::${type}::${name}`, type, id, custom: true, inputs: outputs, outputs };
}

/** How Pulumi writes a secret: without `shown` as ciphertext, with it in clear. */
export function secret(value: unknown, shown: boolean): object {
  const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  return shown ? { ...mark, plaintext: JSON.stringify(value) } : { ...mark, ciphertext: "v1:aaaa:bbbb" };
}

/** All outputs of a stack, as `pulumi stack output --json` prints them. */
export function outputs(changes: Partial<AuditOutput> = {}, others: object = {}): Record<string, unknown> {
  return {
    audit: audit(changes),
    vaultAddress: VAULT,
    vaultTransitUri: KEY,
    sopsConfig: `creation_rules:\n  - path_regex: .*\n    hc_vault_transit_uri: ${KEY}\n`,
    gitlab: { project: "platform/deploy", projectId: "101" },
    ...others,
  };
}

/** A stack as `pulumi stack export` prints it. */
export function exported(resources: readonly object[] = [], given = outputs()): object {
  const root = {
    urn: `${URN}::pulumi:pulumi:Stack::sopsloop-prod`,
    type: "pulumi:pulumi:Stack",
    custom: false,
  };
  return {
    version: 3,
    deployment: { manifest: { time: WRITTEN }, resources: [{ ...root, outputs: given }, ...resources] },
  };
}

export function transitKey(mount: string, name: string, changes: object = {}): object {
  return resource("vault:transit/secretBackendKey:SecretBackendKey", `${mount}-${name}`, {
    ...{ backend: mount, name, type: "aes256-gcm96", latestVersion: 3, minDecryptionVersion: 2 },
    autoRotatePeriod: 90 * 86_400,
    // Vault leaves out what it opens no more: these are versions 2 and 3.
    keys: [{ id: seconds("2026-06-01") }, { id: seconds("2026-09-01") }],
    ...changes,
  });
}

export function policy(name: string, text: string): object {
  return resource("vault:index/policy:Policy", name, { name, policy: text });
}

/** HCL that allows `update` on each path. */
export function updating(...paths: readonly string[]): string {
  return paths.map((path) => `path "${path}" {\n  capabilities = ["update"]\n}\n`).join("");
}

export function kubernetesRole(
  namespace: string,
  account: string,
  policies: readonly string[],
  changes: object = {},
): object {
  return resource("vault:kubernetes/authBackendRole:AuthBackendRole", `role-${namespace}-${account}`, {
    ...{ backend: "kubernetes", roleName: `${namespace}_${account}`, audience: VAULT },
    ...{ boundServiceAccountNames: [account], boundServiceAccountNamespaces: [namespace] },
    ...{ tokenPolicies: policies, tokenTtl: 600, tokenType: "batch", tokenNoDefaultPolicy: true },
    ...changes,
  });
}

export function jwtRole(name: string, policies: readonly string[], changes: object): object {
  return resource("vault:jwt/authBackendRole:AuthBackendRole", `role-${name}`, {
    ...{ backend: "gitlab", roleName: name, boundAudiences: [VAULT], tokenPolicies: policies },
    ...{ tokenTtl: 900, tokenType: "batch" },
    ...changes,
  });
}

function seconds(day: string): string {
  return String(Date.parse(`${day}T00:00:00Z`) / 1000);
}
