import { randomBytes } from "node:crypto";
import type { AppServicePlan, Site, WebSiteManagementClient } from "@azure/arm-appservice";
import { type JsonObject, listAt, objectAt, textAt } from "../../json";
import { SITES } from "../../sites";
import { ArmRefusal, badRequest, conflict } from "../arm-refusal";
import { type ClientOptions, OfficialModel } from "../official-model";
import { sameId } from "../resource-id";
import type { Action, ResourceType, WriteAsk } from "../resource-type";

export const VERSIONS = [
  "2022-03-01",
  "2022-09-01",
  "2023-01-01",
  "2023-12-01",
  "2024-04-01",
  "2024-11-01",
  "2025-05-01",
];
const PLANS = "Microsoft.Web/serverfarms";
const NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,58}[a-zA-Z0-9])?$/;

export async function webClient({ credential, options }: ClientOptions): Promise<WebSiteManagementClient> {
  const { WebSiteManagementClient: Client } = await import("@azure/arm-appservice");
  return new Client(credential, "none", options);
}

export const serverFarms: ResourceType = {
  name: PLANS,
  apiVersions: VERSIONS,
  tracked: true,
  status: 200,
  model: new OfficialModel<WebSiteManagementClient, AppServicePlan>({
    client: webClient,
    read: (one) => one.appServicePlans.get("group", "plan"),
    write: (one, model) => one.appServicePlans.beginCreateOrUpdate("group", "plan", model),
  }),
  show: (_core, { body }) => ({
    ...body,
    properties: { ...objectAt(body, "properties"), provisioningState: "Succeeded", status: "Ready" },
  }),
  remove: (core, plan) => {
    const used = core.resources.ofType(SITES).some(({ body }) => sameId(planOf(body), plan.id));
    if (used)
      throw conflict("Conflict", "Server farm cannot be deleted because it has web app(s) assigned to it.");
  },
};

const power = (state: "Running" | "Stopped"): Action => ({
  does: ({ core, id }) => {
    const site = core.resources.get(id.text);
    if (site) site.hidden = { ...site.hidden, state };
    core.store.changed();
    return { status: 200 };
  },
});

/** Web and function apps. ARM only knows them; their code runs elsewhere. */
export const sites: ResourceType = {
  name: SITES,
  apiVersions: VERSIONS,
  tracked: true,
  status: 200,
  model: new OfficialModel<WebSiteManagementClient, Site>({
    client: webClient,
    read: (one) => one.webApps.get("group", "site"),
    write: (one, model) => one.webApps.beginCreateOrUpdate("group", "site", model),
  }),
  prepare: (ask) => {
    checkSite(ask);
    return withoutSettings(ask);
  },
  show: (_core, { name, body, hidden }) => ({
    ...body,
    properties: {
      enabled: true,
      ...objectAt(body, "properties"),
      state: textAt(hidden, "state") ?? "Running",
      hostNames: [`${name.toLowerCase()}.azurewebsites.net`],
      defaultHostName: `${name.toLowerCase()}.azurewebsites.net`,
      repositorySiteName: name,
    },
  }),
  actions: { start: power("Running"), stop: power("Stopped"), restart: power("Running") },
};

function checkSite({ core, id, body }: WriteAsk): void {
  if (!NAME.test(id.name)) throw badRequest(`The site name '${id.name}' is invalid.`);
  const other = core.sites.resource(id.name);
  if (other && !sameId(other.id, id.text))
    throw conflict("Conflict", `Website with given name ${id.name} already exists.`);
  const plan = planOf(body);
  if (plan !== "" && core.resources.get(plan)?.type !== PLANS)
    throw new ArmRefusal(404, "NotFound", `Cannot find server farm with name ${plan.split("/").at(-1)}.`);
  const storage = objectAt(body, "properties", "functionAppConfig", "deployment", "storage");
  const container = textAt(storage, "value");
  if (
    container !== undefined &&
    core.storage.account(new URL(container).hostname.split(".")[0] ?? "") === undefined
  )
    throw badRequest(`The deployment storage '${container}' does not exist.`);
}

/** Settings may hold secrets: they are told by nothing but `config/appsettings/list`. */
function withoutSettings({ body, existing }: WriteAsk) {
  const properties = objectAt(body, "properties");
  const { appSettings, ...siteConfig } = objectAt(properties, "siteConfig");
  const given = listAt({ appSettings: appSettings ?? [] }, "appSettings").map((one) => [
    textAt(one, "name") ?? "",
    textAt(one, "value") ?? "",
  ]);
  const hidden: JsonObject = {
    identityHeader: randomBytes(16).toString("hex").toUpperCase(),
    ...existing?.hidden,
    ...(appSettings !== undefined && { appSettings: Object.fromEntries(given) }),
  };
  return { body: { ...body, properties: { ...properties, siteConfig } }, hidden };
}

function planOf(body: JsonObject): string {
  return textAt(body, "properties", "serverFarmId") ?? "";
}
