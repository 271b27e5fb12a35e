import type { SiteConfigResource, WebSiteManagementClient } from "@azure/arm-appservice";
import { z } from "zod";
import { type JsonObject, objectAt } from "../../json";
import type { Resource } from "../../model";
import { SITES } from "../../sites";
import { ArmRefusal } from "../arm-refusal";
import { OfficialModel } from "../official-model";
import type { ResourceType } from "../resource-type";
import { SchemaModel } from "../schema-model";
import { VERSIONS, webClient } from "./web";

const dictionary = new SchemaModel(
  z.strictObject({ kind: z.string().optional(), properties: z.record(z.string(), z.string()).optional() }),
);
const web = new OfficialModel<WebSiteManagementClient, SiteConfigResource>({
  client: webClient,
  read: (one) => one.webApps.getConfiguration("group", "site"),
  write: (one, model) => one.webApps.createOrUpdateConfiguration("group", "site", model),
});
/** `config/appsettings`, whose values are told by `list` alone, and `config/web`. */
export const siteConfigs: ResourceType = {
  name: `${SITES}/config`,
  apiVersions: VERSIONS,
  elsewhere: {
    get: (core, id) => {
      const site = core.resources.get(id.scope);
      return site && id.name.toLowerCase() === "web"
        ? configuration(site)
        : site && { id: id.text, name: id.name };
    },
    put: async ({ core, id, body }) => {
      const site = core.resources.get(id.scope);
      const name = id.name.toLowerCase();
      if (site === undefined)
        throw new ArmRefusal(404, "ResourceNotFound", "The site of the configuration is not there.");
      if (name === "appsettings") {
        const { properties = {} } = await dictionary.check(body, `${SITES}/config`);
        site.hidden = { ...site.hidden, appSettings: properties };
      } else if (name === "web") {
        const { properties = {} } = await web.check(body, `${SITES}/config`);
        const all = objectAt(site.body, "properties");
        site.body = { ...site.body, properties: { ...all, siteConfig: properties } };
      } else
        throw new ArmRefusal(501, "NotImplemented", `The emulator knows config/appsettings and config/web.`);
      core.store.changed();
      return name === "web" ? configuration(site) : settingsOf(site);
    },
  },
  actions: {
    list: {
      does: ({ core, id }) => {
        const site = core.resources.get(id.scope);
        return { status: 200, body: site ? settingsOf(site) : {} };
      },
    },
  },
};

function settingsOf(site: Resource): JsonObject {
  return {
    id: `${site.id}/config/appsettings`,
    name: "appsettings",
    type: `${SITES}/config`,
    properties: objectAt(site.hidden, "appSettings"),
  };
}

function configuration(site: Resource): JsonObject {
  const properties = objectAt(site.body, "properties", "siteConfig");
  return { id: `${site.id}/config/web`, name: "web", type: `${SITES}/config`, properties };
}
