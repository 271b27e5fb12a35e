import type { InputFailure, PlainMap } from "../../engine/resource-type";
import { isMap } from "../../engine/wire";
import type { Definition } from "../arm/definition";
import { flag, inProperties, listOf, object, outputs, required, text, texts } from "../shape/property";
import { nameAndType, systemData, tags } from "./shared-rows";

const permissions = object({ certificates: texts, keys: texts, secrets: texts, storage: texts });

const endpointConnection = object({
  id: text,
  etag: text,
  ...inProperties({
    privateEndpoint: object({ id: text }),
    privateLinkServiceConnectionState: object({ actionsRequired: text, description: text, status: text }),
    provisioningState: text,
  }),
});

const properties = object({
  accessPolicies: listOf(
    object({
      applicationId: text,
      objectId: required(text),
      permissions: required(permissions),
      tenantId: required(text),
    }),
  ),
  createMode: { ...text, oneOf: ["recover", "default"], writeOnly: true },
  enablePurgeProtection: flag,
  enableRbacAuthorization: flag,
  enableSoftDelete: flag,
  enabledForDeployment: flag,
  enabledForDiskEncryption: flag,
  enabledForTemplateDeployment: flag,
  networkAcls: object({
    bypass: { ...text, oneOf: ["AzureServices", "None"] },
    defaultAction: { ...text, oneOf: ["Allow", "Deny"] },
    ipRules: listOf(object({ value: required(text) })),
    virtualNetworkRules: listOf(object({ id: required(text), ignoreMissingVnetServiceEndpoint: flag })),
  }),
  publicNetworkAccess: text,
  sku: required(
    object({
      family: required({ ...text, oneOf: ["A"] }),
      name: required({ ...text, oneOf: ["standard", "premium"] }),
    }),
  ),
  softDeleteRetentionInDays: { kind: "integer", least: 7, most: 90 },
  tenantId: required(text),
  ...outputs({
    hsmPoolResourceId: text,
    privateEndpointConnections: listOf(endpointConnection),
    provisioningState: text,
    vaultUri: text,
  }),
});

export const vaultName = {
  pattern: /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
  form: "3 to 24 letters, digits and single dashes, with a letter first and no dash last",
};

/** A key vault. What deletes it leaves a deleted vault behind that keeps its name. */
export const vault: Definition = {
  token: "azure-native:keyvault:Vault",
  noun: "key vault",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}",
  names: { vaultName },
  apiVersion: "2024-11-01",
  properties: {
    location: required(text),
    properties: required(properties),
    ...tags,
    ...nameAndType,
    ...systemData,
  },
  othersMay: [["properties", "accessPolicies"]],
  check: (inputs) => purgeFailures(inputs),

  /** Azure refuses another place as well as the deleted vault's name: a replacement would delete the vault, and then fail. */
  guard(before, after) {
    const moved = placeOf(before) !== placeOf(after);
    if (!moved || before.vaultName !== after.vaultName) return;
    throw new Error(
      `key vault ${String(after.vaultName)} cannot move from ${String(before.location)} to ${String(after.location)}: ` +
        "give the new one another vaultName",
    );
  },

  /** Azure wants access policies, none among them. Those of others stay. */
  prepare(body, there) {
    const said = isMap(body.properties) ? body.properties : {};
    const found = there !== undefined && isMap(there.properties) ? there.properties : {};
    return { ...body, properties: { accessPolicies: found.accessPolicies ?? [], ...said } };
  },
};

function purgeFailures({ properties: said }: PlainMap): InputFailure[] {
  if (!isMap(said) || said.enablePurgeProtection !== false) return [];
  const path = "properties.enablePurgeProtection";
  return [{ path, reason: `${path} is true or absent: Azure does not take false` }];
}

function placeOf({ location }: PlainMap): string {
  return String(location ?? "")
    .replaceAll(" ", "")
    .toLowerCase();
}
