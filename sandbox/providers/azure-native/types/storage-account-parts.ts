import { flag, inProperties, listOf, object, outputs, required, text } from "../shape/property";

const service = object({ enabled: flag, keyType: text, ...outputs({ lastEnabledTime: text }) });

/** How an account keeps its data. */
export const encryption = object({
  encryptionIdentity: {
    ...object({
      encryptionFederatedIdentityClientId: { ...text, wire: "federatedIdentityClientId" },
      encryptionUserAssignedIdentity: { ...text, wire: "userAssignedIdentity" },
    }),
    wire: "identity",
  },
  keySource: text,
  keyVaultProperties: {
    ...object({
      keyName: { ...text, wire: "keyname" },
      keyVaultUri: { ...text, wire: "keyvaulturi" },
      keyVersion: { ...text, wire: "keyversion" },
      ...outputs({
        currentVersionedKeyExpirationTimestamp: text,
        currentVersionedKeyIdentifier: text,
        lastKeyRotationTimestamp: text,
      }),
    }),
    wire: "keyvaultproperties",
  },
  requireInfrastructureEncryption: flag,
  services: object({ blob: service, file: service, queue: service, table: service }),
});

/** From where an account can be reached. */
export const networkRuleSet = object({
  bypass: text,
  defaultAction: required({ ...text, oneOf: ["Allow", "Deny"] }),
  ipRules: listOf(
    object({ action: { ...text, oneOf: ["Allow"] }, iPAddressOrRange: { ...required(text), wire: "value" } }),
  ),
  resourceAccessRules: listOf(object({ resourceId: text, tenantId: text })),
  virtualNetworkRules: listOf(
    object({
      action: { ...text, oneOf: ["Allow"] },
      state: text,
      virtualNetworkResourceId: { ...required(text), wire: "id" },
    }),
  ),
});

/** Addresses of an account's services. */
export const endpoints = object({ blob: text, dfs: text, file: text, queue: text, table: text, web: text });

/** A private endpoint of an account. */
export const endpointConnection = object({
  id: text,
  name: text,
  type: text,
  ...inProperties({
    privateEndpoint: object({ id: text }),
    privateLinkServiceConnectionState: object({ actionRequired: text, description: text, status: text }),
    provisioningState: text,
  }),
});
