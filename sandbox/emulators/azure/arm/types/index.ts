import type { ResourceType } from "../resource-type";
import { deletedVaults, deletedVaultsList, keyVaultProvider } from "./deleted-vaults";
import { eventSubscriptions } from "./event-subscriptions";
import { resourceGroups, subscriptions } from "./groups";
import { federatedCredentials, userAssignedIdentities } from "./identities";
import { diagnosticSettings } from "./insights";
import { privateDnsZoneGroups, privateEndpoints } from "./network";
import { publishingPolicies } from "./publishing-policies";
import { roleAssignments } from "./role-assignments";
import { roleDefinitions } from "./role-definitions";
import { siteConfigs } from "./site-configs";
import { blobContainers, blobServices, storageAccounts, storageTables, tableServices } from "./storage";
import { systemTopics } from "./system-topics";
import { keyVersions, vaultKeys } from "./vault-keys";
import { vaultSecrets } from "./vault-secrets";
import { vaults } from "./vaults";
import { serverFarms, sites } from "./web";

const TYPES: readonly ResourceType[] = [
  subscriptions,
  resourceGroups,
  keyVaultProvider,
  vaults,
  vaultKeys,
  keyVersions,
  vaultSecrets,
  deletedVaults,
  deletedVaultsList,
  userAssignedIdentities,
  federatedCredentials,
  roleDefinitions,
  roleAssignments,
  systemTopics,
  eventSubscriptions,
  storageAccounts,
  blobServices,
  blobContainers,
  tableServices,
  storageTables,
  serverFarms,
  sites,
  siteConfigs,
  publishingPolicies,
  diagnosticSettings,
  privateEndpoints,
  privateDnsZoneGroups,
];

const BY_NAME = new Map(TYPES.map((type) => [type.name.toLowerCase(), type]));

/** Undefined for a type that the emulator does not know. */
export function typeNamed(name: string): ResourceType | undefined {
  return BY_NAME.get(name.toLowerCase());
}
