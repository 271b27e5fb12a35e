import { integer, listOf, object, text } from "../shape/property";

/** How a function app of the plan Flex Consumption is run. */
export const functionAppConfig = object({
  deployment: object({
    storage: object({
      authentication: object({
        storageAccountConnectionStringName: text,
        type: {
          ...text,
          oneOf: ["SystemAssignedIdentity", "UserAssignedIdentity", "StorageAccountConnectionString"],
        },
        userAssignedIdentityResourceId: text,
      }),
      type: { ...text, oneOf: ["blobContainer"] },
      value: text,
    }),
  }),
  runtime: object({ name: text, version: text }),
  scaleAndConcurrency: object({
    alwaysReady: listOf(object({ instanceCount: integer, name: text })),
    instanceMemoryMB: integer,
    maximumInstanceCount: integer,
    triggers: object({ http: object({ perInstanceConcurrency: integer }) }),
  }),
  siteUpdateStrategy: object({ type: { ...text, oneOf: ["Recreate", "RollingUpdate"] } }),
});
