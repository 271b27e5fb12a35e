import type { Permission } from "./access";

export interface BuiltInRole {
  /** The same in every tenant. */
  readonly id: string;
  readonly name: string;
  readonly permission: Permission;
}

const COMMON = [
  "Microsoft.Authorization/*/read",
  "Microsoft.Insights/alertRules/*",
  "Microsoft.Resources/deployments/*",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
  "Microsoft.Support/*",
];
const VAULT_READ = [
  ...COMMON,
  "Microsoft.KeyVault/checkNameAvailability/read",
  "Microsoft.KeyVault/deletedVaults/read",
  "Microsoft.KeyVault/locations/*/read",
  "Microsoft.KeyVault/vaults/*/read",
  "Microsoft.KeyVault/operations/read",
];
const KEYS = "Microsoft.KeyVault/vaults/keys";
const SECRETS = "Microsoft.KeyVault/vaults/secrets";
const CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers";
const DELEGATION = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action";
const TABLES = "Microsoft.Storage/storageAccounts/tableServices/tables";
const IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities";

function role(id: string, name: string, permission: Partial<Permission>): BuiltInRole {
  const none = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  return { id, name, permission: { ...none, ...permission } };
}

/** Those of Azure's roles that have to do with what the emulator knows, by Azure's own words. */
export const BUILT_IN_ROLES: readonly BuiltInRole[] = [
  role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", { actions: ["*"] }),
  role("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", {
    actions: ["*"],
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
    ],
  }),
  role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", { actions: ["*/read"] }),
  role("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", {
    actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
  }),
  role("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator", {
    actions: [
      "Microsoft.Authorization/roleAssignments/write",
      "Microsoft.Authorization/roleAssignments/delete",
      "*/read",
      "Microsoft.Support/*",
    ],
  }),
  role("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor", {
    actions: [...COMMON, "Microsoft.KeyVault/*"],
    notActions: [
      "Microsoft.KeyVault/locations/deletedVaults/purge/action",
      "Microsoft.KeyVault/hsmPools/*",
      "Microsoft.KeyVault/managedHsms/*",
    ],
  }),
  role("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator", {
    actions: VAULT_READ,
    dataActions: ["Microsoft.KeyVault/vaults/*"],
  }),
  role("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader", {
    actions: VAULT_READ,
    dataActions: ["Microsoft.KeyVault/vaults/*/read", `${SECRETS}/readMetadata/action`],
  }),
  role("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer", {
    actions: VAULT_READ,
    dataActions: [`${KEYS}/*`, "Microsoft.KeyVault/vaults/keyrotationpolicies/*"],
  }),
  role("12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User", {
    dataActions: [
      `${KEYS}/read`,
      ...["update", "backup", "encrypt", "decrypt", "wrap", "unwrap", "sign", "verify"].map(
        (verb) => `${KEYS}/${verb}/action`,
      ),
    ],
  }),
  role("e147488a-f6f5-4113-8e2d-b22465e65bf6", "Key Vault Crypto Service Encryption User", {
    actions: ["write", "read", "delete"].map((verb) => `Microsoft.EventGrid/eventSubscriptions/${verb}`),
    dataActions: [`${KEYS}/read`, `${KEYS}/wrap/action`, `${KEYS}/unwrap/action`],
  }),
  role("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer", {
    actions: VAULT_READ,
    dataActions: [`${SECRETS}/*`],
  }),
  role("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User", {
    dataActions: [`${SECRETS}/getSecret/action`, `${SECRETS}/readMetadata/action`],
  }),
  role("e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", "Managed Identity Contributor", {
    actions: [
      ...COMMON,
      ...["read", "write", "delete"].flatMap((verb) => [
        `${IDENTITIES}/${verb}`,
        `${IDENTITIES}/federatedIdentityCredentials/${verb}`,
      ]),
    ],
  }),
  role("1e241071-0855-49ea-94dc-649edcd759de", "EventGrid Contributor", {
    actions: [...COMMON, "Microsoft.EventGrid/*"],
  }),
  role("17d1049b-9a84-46fb-8f53-869881c3d3ab", "Storage Account Contributor", {
    actions: [...COMMON, "Microsoft.Storage/storageAccounts/*"],
  }),
  role("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner", {
    actions: [`${CONTAINERS}/*`, DELEGATION],
    dataActions: [`${CONTAINERS}/blobs/*`],
  }),
  role("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor", {
    actions: [...["delete", "read", "write"].map((verb) => `${CONTAINERS}/${verb}`), DELEGATION],
    dataActions: ["delete", "read", "move/action", "write", "add/action"].map(
      (verb) => `${CONTAINERS}/blobs/${verb}`,
    ),
  }),
  role("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader", {
    actions: [`${CONTAINERS}/read`, DELEGATION],
    dataActions: [`${CONTAINERS}/blobs/read`],
  }),
  role("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "Storage Table Data Contributor", {
    actions: ["read", "write", "delete"].map((verb) => `${TABLES}/${verb}`),
    dataActions: ["read", "write", "delete", "add/action", "update/action"].map(
      (verb) => `${TABLES}/entities/${verb}`,
    ),
  }),
  role("76199698-9eea-4c19-bc75-cec21354c6b6", "Storage Table Data Reader", {
    actions: [`${TABLES}/read`],
    dataActions: [`${TABLES}/entities/read`],
  }),
];
