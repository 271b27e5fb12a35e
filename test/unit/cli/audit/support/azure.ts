import type { AuditReport as AuditOutput } from "../../../../../components/audit";
import { resource } from "./stack";

export const AZURE_KEY = "https://kv-sops.vault.azure.net/keys/sops";
const GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-sops";
export const KEY_VAULT_ID = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-sops`;
export const KEY_ID = `${KEY_VAULT_ID}/keys/sops`;
const ROLES =
  "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions";
export const CRYPTO_OFFICER = `${ROLES}/14b46e9e-c2b7-41b4-b07b-48a6ebf60603`;
export const OWNER = `${ROLES}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`;
export const ISSUER = "https://oidc.example.com/cluster";

/** What the output `audit` says of Azure: one key, and one account that decrypts by it. */
export function azureOutput(): NonNullable<AuditOutput["azure"]> {
  const times = { rotatesAfter: "P90D", rotatesBeforeExpiry: null, expiresAfter: "P2Y" };
  return {
    keys: [
      {
        ...{ url: AZURE_KEY, vault: "kv-sops", name: "sops", type: "RSA-HSM", size: 4096 },
        ...times,
        ...{ mayDecrypt: ["sops-flux"], mayEncrypt: [], mayRead: [] },
      },
    ],
    identities: [
      {
        ...{ name: "sops-flux", clientId: "c", issuer: ISSUER, audience: "api://AzureADTokenExchange" },
        ...{ subject: "system:serviceaccount:flux-system:kustomize-controller", may: ["decrypt"] },
      },
    ],
  };
}

export function keyInAzure(changes: object = {}): object {
  return resource(
    "azure-native:keyvault:Key",
    "sops-key",
    {
      keyUri: `${AZURE_KEY}/`,
      keyUriWithVersion: `${AZURE_KEY}/0123456789abcdef0123456789abcdef`,
      attributes: { created: 1_790_000_000, exp: 1_850_000_000 },
      ...{ kty: "RSA-HSM", keySize: 4096 },
      ...changes,
    },
    KEY_ID,
  );
}

export function assignment(
  name: string,
  principalId: string,
  roleDefinitionId: string,
  scope: string,
): object {
  const outputs = { principalId, roleDefinitionId, scope };
  return resource("azure-native:authorization:RoleAssignment", name, outputs);
}

export function managedIdentity(name: string, principalId: string): object {
  return resource("azure-native:managedidentity:UserAssignedIdentity", name, { name, principalId });
}

export function credential(identity: string, subject: string): object {
  return resource("azure-native:managedidentity:FederatedIdentityCredential", `${identity}-trust`, {
    ...{ resourceName: identity, issuer: ISSUER, subject, audiences: ["api://AzureADTokenExchange"] },
  });
}

/** A role of one's own, and its id as assignments name it. */
export function roleDefinition(name: string, permissions: readonly object[]): [object, string] {
  const guid = "22222222-2222-2222-2222-222222222222";
  const outputs = { roleName: name, permissions };
  const id = `${GROUP}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
  return [resource("azure-native:authorization:RoleDefinition", name, outputs, id), `${ROLES}/${guid}`];
}
