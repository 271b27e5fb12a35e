import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { EventGridManagementClient } from "@azure/arm-eventgrid";
import { KeyVaultManagementClient, type VaultCreateOrUpdateParameters } from "@azure/arm-keyvault";
import { ManagedServiceIdentityClient } from "@azure/arm-msi";
import { ResourceManagementClient } from "@azure/arm-resources";
import { StorageManagementClient } from "@azure/arm-storage";
import { KeyClient } from "@azure/keyvault-keys";
import type { TestAzure } from "./test-azure";

export const LOCATION = "westeurope";
export const GROUP = "sops-dev";

/** Ids of Azure's built-in roles. */
export const ROLE = {
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  cryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
  cryptoOfficer: "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
  serviceEncryptionUser: "e147488a-f6f5-4113-8e2d-b22465e65bf6",
  vaultAdministrator: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
  secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  tableContributor: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
} as const;

/** Azure's own management clients, as the deployer. They wait no longer than they have to. */
export function judges(azure: TestAzure) {
  const { subscriptionId, options } = azure;
  const credential = azure.credential();
  return {
    groups: new ResourceManagementClient(credential, subscriptionId, options).resourceGroups,
    resources: new ResourceManagementClient(credential, subscriptionId, options),
    keyvault: new KeyVaultManagementClient(credential, subscriptionId, options),
    authorization: new AuthorizationManagementClient(credential, subscriptionId, options),
    identities: new ManagedServiceIdentityClient(credential, subscriptionId, options),
    eventgrid: new EventGridManagementClient(credential, subscriptionId, options),
    storage: new StorageManagementClient(credential, subscriptionId, options),
  };
}

export const FAST = { updateIntervalInMs: 20 };

export function vaultParameters(
  azure: TestAzure,
  properties: Partial<VaultCreateOrUpdateParameters["properties"]> = {},
): VaultCreateOrUpdateParameters {
  return {
    location: LOCATION,
    properties: {
      tenantId: azure.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      ...properties,
    },
  };
}

export function keyClient(azure: TestAzure, vault: string, credential = azure.credential()): KeyClient {
  // Of its own: the client writes its name into them, each time once more, until its headers are too large.
  return new KeyClient(`https://${vault}.vault.azure.net`, credential, { ...azure.options });
}

/** Gives a principal a role at a scope. */
export async function assign(azure: TestAzure, principalId: string, role: string, scope: string) {
  const { authorization } = judges(azure);
  const roleDefinitionId = `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  const parameters = { principalId, principalType: "ServicePrincipal", roleDefinitionId };
  return authorization.roleAssignments.create(scope, crypto.randomUUID(), parameters);
}

/** A group with one vault, which the deployer administers. @returns the vault's id */
export async function vaultForAll(azure: TestAzure, name: string): Promise<string> {
  const { groups, keyvault } = judges(azure);
  await groups.createOrUpdate(GROUP, { location: LOCATION });
  const vault = await keyvault.vaults.createOrUpdate(GROUP, name, vaultParameters(azure), FAST);
  const id = vault.id ?? "";
  await assign(azure, azure.deployer.objectId, ROLE.vaultAdministrator, id);
  return id;
}

/** An application with a client secret and a service principal, as an administrator of the tenant makes them. */
export function principalWithSecret(azure: TestAzure, displayName: string) {
  const { directory } = azure.core;
  const { application, principal } = directory.addApplication({ displayName });
  const secret = directory.addSecret(application);
  return { clientId: application.appId, objectId: principal.id, secret, application };
}
