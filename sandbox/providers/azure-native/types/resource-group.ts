import type { Definition } from "../arm/definition";
import { object, outputs, text } from "../shape/property";
import { nameAndType, placed, tags } from "./shared-rows";

/** A resource group. Deleting it deletes everything in it, whoever made it. */
export const resourceGroup: Definition = {
  token: "azure-native:resources:ResourceGroup",
  noun: "resource group",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
  names: {
    resourceGroupName: {
      pattern: /^[-\w._()]{0,89}[-\w_()]$/u,
      form: "at most 90 letters, digits, and -_.(), without a dot at the end",
    },
  },
  apiVersion: "2024-03-01",
  properties: {
    location: placed,
    managedBy: text,
    ...tags,
    ...nameAndType,
    ...outputs({ properties: object({ provisioningState: text }) }),
  },
};
