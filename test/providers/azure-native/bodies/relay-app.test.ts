import { describeBodies } from "../support/describe-bodies";

/** What a function app needs beside itself. */
describeBodies([
  {
    token: "storage:StorageAccount",
    inputs: {
      resourceGroupName: "rg",
      accountName: "strelay",
      location: "westeurope",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      identity: { type: "UserAssigned", userAssignedIdentities: ["/id"] },
      enableHttpsTrafficOnly: true,
      networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "192.0.2.1" }] },
      encryption: { keySource: "Microsoft.Storage", keyVaultProperties: { keyName: "k" } },
    },
    id: "Microsoft.Storage/storageAccounts/strelay",
    sent: {
      location: "westeurope",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      identity: { type: "UserAssigned", userAssignedIdentities: { "/id": {} } },
      properties: {
        supportsHttpsTrafficOnly: true,
        networkAcls: { defaultAction: "Deny", ipRules: [{ value: "192.0.2.1" }] },
        encryption: { keySource: "Microsoft.Storage", keyvaultproperties: { keyname: "k" } },
      },
    },
    answered: {
      identity: {
        type: "UserAssigned",
        userAssignedIdentities: { "/id": { clientId: "c", principalId: "p" } },
      },
      properties: {
        supportsHttpsTrafficOnly: true,
        primaryEndpoints: { blob: "https://strelay.blob.core.windows.net/" },
        networkAcls: { defaultAction: "Deny", ipRules: [{ value: "192.0.2.1", action: "Allow" }] },
      },
    },
    outputs: {
      identity: {
        type: "UserAssigned",
        userAssignedIdentities: { "/id": { clientId: "c", principalId: "p" } },
      },
      enableHttpsTrafficOnly: true,
      primaryEndpoints: { blob: "https://strelay.blob.core.windows.net/" },
      networkRuleSet: {
        defaultAction: "Deny",
        ipRules: [{ iPAddressOrRange: "192.0.2.1", action: "Allow" }],
      },
    },
  },
  {
    token: "storage:BlobContainer",
    inputs: {
      resourceGroupName: "rg",
      accountName: "strelay",
      containerName: "dead-letter",
      publicAccess: "None",
    },
    id: "Microsoft.Storage/storageAccounts/strelay/blobServices/default/containers/dead-letter",
    sent: { properties: { publicAccess: "None" } },
    answered: { etag: "e", properties: { publicAccess: "None", deleted: false } },
    outputs: { publicAccess: "None", etag: "e", deleted: false },
  },
  {
    token: "web:AppServicePlan",
    inputs: {
      resourceGroupName: "rg",
      name: "relay-plan",
      location: "westeurope",
      kind: "functionapp",
      reserved: true,
      sku: { name: "FC1", tier: "FlexConsumption" },
    },
    id: "Microsoft.Web/serverfarms/relay-plan",
    sent: {
      location: "westeurope",
      kind: "functionapp",
      sku: { name: "FC1", tier: "FlexConsumption" },
      properties: { reserved: true },
    },
    answered: { properties: { reserved: true, status: "Ready" } },
    outputs: { reserved: true, status: "Ready" },
  },
]);
