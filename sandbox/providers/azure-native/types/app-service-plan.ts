import type { Definition } from "../arm/definition";
import { flag, inProperties, integer, listOf, object, outputs, text, texts } from "../shape/property";
import { nameAndType, placed, provisioningState, systemData, tags } from "./shared-rows";

const planName = { pattern: /^[a-zA-Z0-9-]{1,60}$/, form: "at most 60 letters, digits and dashes" };

/** The machines that apps run on. */
export const appServicePlan: Definition = {
  token: "azure-native:web:AppServicePlan",
  noun: "app service plan",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Web/serverfarms/{name}",
  names: { name: planName },
  apiVersion: "2025-05-01",
  properties: {
    kind: { ...text, replace: true },
    location: placed,
    sku: object({
      capabilities: listOf(object({ name: text, reason: text, value: text })),
      capacity: integer,
      family: text,
      locations: texts,
      name: text,
      size: text,
      skuCapacity: object({
        default: integer,
        elasticMaximum: integer,
        maximum: integer,
        minimum: integer,
        scaleType: text,
      }),
      tier: text,
    }),
    ...tags,
    ...inProperties({
      asyncScalingEnabled: flag,
      elasticScaleEnabled: flag,
      hyperV: { ...flag, replace: true },
      isXenon: { ...flag, replace: true },
      maximumElasticWorkerCount: integer,
      perSiteScaling: flag,
      reserved: { ...flag, replace: true },
      targetWorkerCount: integer,
      targetWorkerSizeId: integer,
      workerTierName: text,
      zoneRedundant: flag,
      ...outputs({
        geoRegion: text,
        maximumNumberOfWorkers: integer,
        numberOfSites: integer,
        numberOfWorkers: integer,
        resourceGroup: text,
        status: text,
        subscription: text,
      }),
    }),
    ...provisioningState,
    ...nameAndType,
    ...systemData,
  },
};
