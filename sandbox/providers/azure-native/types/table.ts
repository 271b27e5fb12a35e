import type { Definition } from "../arm/definition";
import { inProperties, listOf, object, outputs, required, text } from "../shape/property";
import { nameAndType } from "./shared-rows";
import { accountName } from "./storage-account";

const accessPolicy = object({ expiryTime: text, permission: required(text), startTime: text });

/** A table of a storage account. */
export const table: Definition = {
  token: "azure-native:storage:Table",
  noun: "table",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}/tableServices/default/tables/{tableName}",
  names: {
    accountName,
    tableName: {
      pattern: /^[A-Za-z][A-Za-z0-9]{2,62}$/,
      form: "3 to 63 letters and digits, with a letter first",
    },
  },
  apiVersion: "2024-01-01",
  properties: {
    ...inProperties({
      signedIdentifiers: listOf(object({ id: required(text), accessPolicy })),
      ...outputs({ tableName: text }),
    }),
    ...nameAndType,
  },
};
