import type { Reader } from "../values/reader";
import type { Subject } from "../values/subject";

export const KEY_VAULT = "azure-native:keyvault:Vault";
export const KEY = "azure-native:keyvault:Key";
export const KEY_VAULT_SECRET = "azure-native:keyvault:Secret";
export const ACCESS_POLICY = "azure-native:keyvault:AccessPolicy";
export const DIAGNOSTIC_SETTING = "azure-native:monitor:DiagnosticSetting";
export const PRIVATE_ENDPOINT = "azure-native:network:PrivateEndpoint";
export const ROLE_ASSIGNMENT = "azure-native:authorization:RoleAssignment";
export const ROLE_DEFINITION = "azure-native:authorization:RoleDefinition";
export const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
export const FEDERATED_CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
export const SYSTEM_TOPIC = "azure-native:eventgrid:SystemTopic";
export const EVENT_SUBSCRIPTIONS = [
  "azure-native:eventgrid:SystemTopicEventSubscription",
  "azure-native:eventgrid:EventSubscription",
];
export const WEB_APP = "azure-native:web:WebApp";
export const STORAGE_ACCOUNT = "azure-native:storage:StorageAccount";
export const DEPLOYMENT = "azure-native:resources:Deployment";
export const BLOB_CONTAINER = "azure-native:storage:BlobContainer";

/** Azure's own names of data actions on keys. */
export const DECRYPT_ACTION = "Microsoft.KeyVault/vaults/keys/decrypt/action";

/** Built-in roles by the last part of their id. */
const BUILT_IN_ROLES: Readonly<Record<string, string>> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
  "00482a5a-887f-4fb3-b363-3b7fe8e74483": "Key Vault Administrator",
  "f25e0fa2-a7c8-4377-a976-54943a77a395": "Key Vault Contributor",
  "14b46e9e-c2b7-41b4-b07b-48a6ebf60603": "Key Vault Crypto Officer",
  "12338af0-0e69-4776-bea7-57ae8d297424": "Key Vault Crypto User",
  "e147488a-f6f5-4113-8e2d-b22465e65bf6": "Key Vault Crypto Service Encryption User",
};

/** Name of the built-in role with this id; undefined for a role of one's own. */
export function builtInRole(roleDefinitionId: string): string | undefined {
  return BUILT_IN_ROLES[guidOf(roleDefinitionId)];
}

/** The last part of an id, which names the role wherever its definition lies. */
export function guidOf(roleDefinitionId: string): string {
  return (roleDefinitionId.split("/").at(-1) ?? "").toLowerCase();
}

/**
 * The settings of a resource that has them under `properties` where it is declared; once it is made, some have them at
 * the top.
 */
export function settingsOf(subject: Subject): Reader {
  return subject.has("properties") ? subject.at("properties") : subject;
}

/** Azure compares ids without regard to case. */
export function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * Whether an input that says where a resource lies leads to this one. Azure's answers leave such inputs out, and answers are all that the
 * engine shows of a whole stack: there it counts what the input was made of.
 */
export function leadsTo(
  resource: Subject,
  input: string,
  target: Subject,
  names: (text: string) => boolean,
): boolean {
  const text = resource.text(input);
  return text === undefined ? resource.isMadeOf(input, target) : names(text);
}

/** Whether an id is the key vault's; a policy is not told the ids of resources, but their names. */
export function isVaultsId(id: string, vault: Subject): boolean {
  const name = vault.text("name") ?? vault.text("vaultName") ?? "";
  return name !== "" && id.toLowerCase().endsWith(`/microsoft.keyvault/vaults/${name.toLowerCase()}`);
}
