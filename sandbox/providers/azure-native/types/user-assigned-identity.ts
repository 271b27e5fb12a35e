import type { Definition } from "../arm/definition";
import { inProperties, outputs, text } from "../shape/property";
import { nameAndType, placed, systemData, tags } from "./shared-rows";

export const identityName = {
  pattern: /^[a-zA-Z0-9][-\w]{2,127}$/,
  form: "3 to 128 letters, digits, - and _, with a letter or a digit first",
};

/** A managed identity that stands on its own. */
export const userAssignedIdentity: Definition = {
  token: "azure-native:managedidentity:UserAssignedIdentity",
  noun: "managed identity",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
  names: { resourceName: identityName },
  apiVersion: "2023-01-31",
  properties: {
    location: placed,
    ...tags,
    ...outputs(inProperties({ clientId: text, principalId: text, tenantId: text })),
    ...nameAndType,
    ...systemData,
  },
};
