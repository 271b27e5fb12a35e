import type { Definition } from "../arm/definition";
import { text, textMap } from "../shape/property";
import { nameAndType } from "./shared-rows";
import { siteName } from "./web-app";

const API_VERSION = "2025-05-01";

/** All app settings of an app: a write takes away those that it does not name, a deletion takes all. */
export const webAppApplicationSettings: Definition = {
  token: "azure-native:web:WebAppApplicationSettings",
  noun: "app settings",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Web/sites/{name}/config/appsettings",
  names: { name: siteName },
  apiVersion: API_VERSION,
  comesWithParent: true,
  secretOutputs: ["properties"],
  properties: { kind: text, properties: textMap, ...nameAndType },

  /** A GET of settings tells none of them. */
  async read(azure, id) {
    const site = id.replace(/\/config\/appsettings$/i, "");
    const doing = `read the app settings of ${site.split("/").at(-1)}`;
    if ((await azure.arm.get(site, API_VERSION, doing)) === undefined) return undefined;
    return azure.arm.post(`${id}/list`, API_VERSION, doing);
  },

  async delete(azure, id) {
    const site = id.replace(/\/config\/appsettings$/i, "");
    const doing = `take the app settings of ${site.split("/").at(-1)} away`;
    if ((await azure.arm.get(site, API_VERSION, doing)) === undefined) return;
    await azure.arm.put(id, API_VERSION, { properties: {} }, doing);
  },
};
