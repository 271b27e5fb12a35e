import { z } from "zod";
import { objectAt } from "../../json";
import { badRequest } from "../arm-refusal";
import type { ResourceType } from "../resource-type";
import { SchemaModel } from "../schema-model";

const retention = z.strictObject({ enabled: z.boolean(), days: z.number().int() }).optional();
const category = { category: z.string().optional(), enabled: z.boolean(), retentionPolicy: retention };
const PLACES = ["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId"];

/** Recorded, and no more: no log is written. */
export const diagnosticSettings: ResourceType = {
  name: "Microsoft.Insights/diagnosticSettings",
  apiVersions: ["2021-05-01-preview"],
  model: new SchemaModel(
    z.strictObject({
      properties: z.strictObject({
        workspaceId: z.string().optional(),
        storageAccountId: z.string().optional(),
        eventHubAuthorizationRuleId: z.string().optional(),
        eventHubName: z.string().optional(),
        serviceBusRuleId: z.string().optional(),
        marketplacePartnerId: z.string().optional(),
        logAnalyticsDestinationType: z.enum(["Dedicated", "AzureDiagnostics"]).optional(),
        logs: z.array(z.strictObject({ ...category, categoryGroup: z.string().optional() })).optional(),
        metrics: z.array(z.strictObject({ ...category, timeGrain: z.string().optional() })).optional(),
      }),
    }),
  ),
  prepare: ({ body }) => {
    const properties = objectAt(body, "properties");
    if (!PLACES.some((place) => properties[place] !== undefined))
      throw badRequest(
        "At least one data sink needs to be specified: workspace, storage account, event hub or partner solution.",
      );
    return { body, hidden: {} };
  },
};
