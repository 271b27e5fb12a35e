import type { Definition } from "../arm/definition";
import { flag, inProperties, required, text } from "../shape/property";
import { nameAndType, systemData } from "./shared-rows";
import { siteName } from "./web-app";

/** Whether an app's code may be deployed by user name and password. */
export const webAppScmAllowed: Definition = {
  token: "azure-native:web:WebAppScmAllowed",
  noun: "policy for publishing credentials",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Web/sites/{name}/basicPublishingCredentialsPolicies/scm",
  names: { name: siteName },
  apiVersion: "2025-05-01",
  comesWithParent: true,
  properties: {
    kind: text,
    ...inProperties({ allow: required(flag) }),
    ...nameAndType,
    ...systemData,
  },

  /** ARM deletes none: it goes with its app, and by itself stays as it is. */
  async delete() {},
};
