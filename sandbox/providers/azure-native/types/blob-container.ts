import type { Definition } from "../arm/definition";
import { flag, inProperties, integer, object, outputs, text, textMap } from "../shape/property";
import { nameAndType } from "./shared-rows";
import { accountName } from "./storage-account";

export const containerName = {
  pattern: /^(\$web|\$root|\$logs|[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9])$/,
  form: "3 to 63 small letters, digits and single dashes, with no dash first or last",
};

/** A container for blobs. */
export const blobContainer: Definition = {
  token: "azure-native:storage:BlobContainer",
  noun: "blob container",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}",
  names: { accountName, containerName },
  apiVersion: "2024-01-01",
  properties: {
    ...inProperties({
      defaultEncryptionScope: text,
      denyEncryptionScopeOverride: flag,
      enableNfsV3AllSquash: flag,
      enableNfsV3RootSquash: flag,
      immutableStorageWithVersioning: object({
        enabled: flag,
        ...outputs({ migrationState: text, timeStamp: text }),
      }),
      metadata: textMap,
      publicAccess: { ...text, oneOf: ["Container", "Blob", "None"] },
      ...outputs({
        deleted: flag,
        deletedTime: text,
        hasImmutabilityPolicy: flag,
        hasLegalHold: flag,
        lastModifiedTime: text,
        leaseDuration: text,
        leaseState: text,
        leaseStatus: text,
        remainingRetentionDays: integer,
        version: text,
      }),
    }),
    ...outputs({ etag: text }),
    ...nameAndType,
  },
};
