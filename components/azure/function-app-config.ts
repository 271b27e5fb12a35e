import type { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";
import type { AppStorage, RelayStorage } from "./relay-storage";

const NODE_VERSION = "22";

/** What the Functions host asks for, by identity and not by the account's key. */
export function hostSettings(storage: RelayStorage, identity: UserAssignedIdentity) {
  return {
    AzureWebJobsStorage__accountName: storage.accountName,
    AzureWebJobsStorage__credential: "managedidentity",
    AzureWebJobsStorage__clientId: identity.clientId,
    // For the relay's own look at its table.
    AZURE_CLIENT_ID: identity.clientId,
  };
}

/** Where its code comes from, what runs it, and how far it grows. */
export function functionAppConfig(storage: RelayStorage, app: AppStorage, identity: UserAssignedIdentity) {
  return {
    deployment: {
      storage: {
        type: "blobContainer",
        value: pulumi.interpolate`${storage.blobUrl}/${app.deployments}`,
        authentication: { type: "UserAssignedIdentity", userAssignedIdentityResourceId: identity.id },
      },
    },
    runtime: { name: "node", version: NODE_VERSION },
    // Events are rare, and each is a few kilobytes.
    scaleAndConcurrency: { maximumInstanceCount: 40, instanceMemoryMB: 2048 },
  };
}
