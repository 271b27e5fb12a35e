import type { Definition } from "../arm/definition";
import {
  type Fields,
  flag,
  inProperties,
  integer,
  listOf,
  object,
  outputs,
  required,
  text,
} from "../shape/property";
import { nameAndType, placed, provisioningState, tags } from "./shared-rows";
import { encryption, endpointConnection, endpoints, networkRuleSet } from "./storage-account-parts";

export const accountName = { pattern: /^[a-z0-9]{3,24}$/, form: "3 to 24 small letters and digits" };

const settings: Fields = {
  accessTier: { ...text, oneOf: ["Hot", "Cool", "Cold", "Premium"] },
  allowBlobPublicAccess: flag,
  allowCrossTenantReplication: flag,
  allowSharedKeyAccess: flag,
  allowedCopyScope: text,
  customDomain: object({ name: required(text), useSubDomainName: flag }),
  defaultToOAuthAuthentication: flag,
  dnsEndpointType: text,
  enableExtendedGroups: flag,
  enableHttpsTrafficOnly: { ...flag, wire: "supportsHttpsTrafficOnly" },
  enableNfsV3: { ...flag, wire: "isNfsV3Enabled" },
  encryption,
  immutableStorageWithVersioning: object({
    enabled: flag,
    immutabilityPolicy: object({
      allowProtectedAppendWrites: flag,
      immutabilityPeriodSinceCreationInDays: integer,
      state: text,
    }),
  }),
  isHnsEnabled: { ...flag, replace: true },
  isLocalUserEnabled: flag,
  isSftpEnabled: flag,
  keyPolicy: object({ keyExpirationPeriodInDays: required(integer) }),
  largeFileSharesState: text,
  minimumTlsVersion: { ...text, oneOf: ["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"] },
  networkRuleSet: { ...networkRuleSet, wire: "networkAcls" },
  publicNetworkAccess: text,
  routingPreference: object({
    publishInternetEndpoints: flag,
    publishMicrosoftEndpoints: flag,
    routingChoice: text,
  }),
  sasPolicy: object({ expirationAction: required(text), sasExpirationPeriod: required(text) }),
};

const told: Fields = outputs({
  creationTime: text,
  failoverInProgress: flag,
  keyCreationTime: object({ key1: text, key2: text }),
  lastGeoFailoverTime: text,
  primaryEndpoints: endpoints,
  primaryLocation: text,
  privateEndpointConnections: listOf(endpointConnection),
  secondaryEndpoints: endpoints,
  secondaryLocation: text,
  statusOfPrimary: text,
  statusOfSecondary: text,
});

/** A storage account. Its keys are no output. */
export const storageAccount: Definition = {
  token: "azure-native:storage:StorageAccount",
  noun: "storage account",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}",
  names: { accountName },
  apiVersion: "2024-01-01",
  properties: {
    identity: object({ type: required(text), userAssignedIdentities: { kind: "ids" }, ...identityTold() }),
    kind: required({
      ...text,
      oneOf: ["Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"],
    }),
    location: placed,
    sku: required(object({ name: required(text), ...outputs({ tier: text }) })),
    ...tags,
    ...inProperties(settings),
    ...inProperties(told),
    ...provisioningState,
    ...nameAndType,
  },
  resetTo: {
    networkRuleSet: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
  },
};

function identityTold(): Fields {
  return outputs({ principalId: text, tenantId: text });
}
