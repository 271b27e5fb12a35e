import type { ResourceChange } from "../preview/preview";

/** What a resource is to the loop: losing it loses secrets, or locks somebody out. */
export type Guard = "key" | "key store" | "policy" | "role" | "login";

const GUARDS = new Map<string, readonly [guard: Guard, label: string]>([
  ["vault:transit/secretBackendKey:SecretBackendKey", ["key", "transit key"]],
  ["vault:index/policy:Policy", ["policy", "policy"]],
  ["vault:kubernetes/authBackendRole:AuthBackendRole", ["role", "role"]],
  ["vault:jwt/authBackendRole:AuthBackendRole", ["role", "role"]],
  ["vault:index/authBackend:AuthBackend", ["login", "auth method"]],
  ["vault:jwt/authBackend:AuthBackend", ["login", "auth method"]],
  ["azure-native:keyvault:Key", ["key", "Key Vault key"]],
  ["azure-native:keyvault:Vault", ["key store", "Key Vault"]],
  ["azure-native:authorization:RoleDefinition", ["policy", "role definition"]],
  ["azure-native:authorization:RoleAssignment", ["role", "role assignment"]],
  ["azure-native:managedidentity:FederatedIdentityCredential", ["login", "federated credential"]],
  ["aws:kms/key:Key", ["key", "KMS key"]],
  ["gcp:kms/cryptoKey:CryptoKey", ["key", "KMS key"]],
]);

const MOUNT = "vault:index/mount:Mount";

/** What a changed resource is to the loop; undefined for all others. */
export function guardOf({
  type,
  before,
  after,
}: Pick<ResourceChange, "type" | "before" | "after">): { guard: Guard; label: string } | undefined {
  if (type === MOUNT && (before.type ?? after.type) === "transit")
    return { guard: "key store", label: "transit mount" };
  // Azure's types exist once more for each version of its API.
  const [guard, label] = GUARDS.get(type.replace(/\/v\d+(?:preview|privatepreview)?:/, ":")) ?? [];
  return guard && label ? { guard, label } : undefined;
}
