import { z } from "zod";
import type { Core } from "../../core";
import type { JsonObject } from "../../json";
import { objectAt } from "../../json";
import { GROUP, SUBSCRIPTION } from "../resource-id";
import type { ResourceType } from "../resource-type";
import { SchemaModel, tags } from "../schema-model";

function subscription(core: Core): JsonObject {
  const id = core.settings.subscriptionId;
  return {
    id: `/subscriptions/${id}`,
    subscriptionId: id,
    tenantId: core.tokens.tenantId,
    displayName: "sandbox",
    state: "Enabled",
    authorizationSource: "RoleBased",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "Sandbox",
      spendingLimit: "On",
    },
  };
}

/** The one subscription that there is. */
export const subscriptions: ResourceType = {
  name: SUBSCRIPTION,
  apiVersions: ["2016-06-01", "2019-06-01", "2020-01-01", "2021-01-01", "2022-12-01"],
  elsewhere: { get: subscription, list: (core) => [subscription(core)] },
};

export const resourceGroups: ResourceType = {
  name: GROUP,
  apiVersions: [
    "2019-05-01",
    "2020-06-01",
    "2021-04-01",
    "2022-09-01",
    "2023-07-01",
    "2024-03-01",
    "2024-07-01",
    "2024-11-01",
    "2025-03-01",
    "2025-04-01",
  ],
  rights: "Microsoft.Resources/subscriptions/resourceGroups",
  tracked: true,
  slowDeletion: true,
  model: new SchemaModel(
    z.strictObject({
      location: z.string(),
      tags,
      managedBy: z.string().optional(),
      properties: z.strictObject({ provisioningState: z.string().optional() }).optional(),
    }),
  ),
  show: (_core, { body }) => ({
    ...body,
    properties: { ...objectAt(body, "properties"), provisioningState: "Succeeded" },
  }),
};
