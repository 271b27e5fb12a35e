import { z } from "zod";
import { objectAt } from "../../json";
import type { ResourceType } from "../resource-type";
import { SchemaModel, tags } from "../schema-model";

const VERSIONS = [
  "2023-09-01",
  "2023-11-01",
  "2024-01-01",
  "2024-03-01",
  "2024-05-01",
  "2024-07-01",
  "2024-10-01",
];
/** Azure looks at the id alone, and tells nothing else; the SDK of Pulumi's provider says more. */
const subnet = z
  .strictObject({
    id: z.string(),
    properties: z
      .strictObject({
        privateEndpointNetworkPolicies: z.string(),
        privateLinkServiceNetworkPolicies: z.string(),
      })
      .partial()
      .optional(),
  })
  .transform(({ id }) => ({ id }));
const connection = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  properties: z.strictObject({
    privateLinkServiceId: z.string(),
    groupIds: z.array(z.string()).optional(),
    requestMessage: z.string().max(140).optional(),
    privateLinkServiceConnectionState: z
      .strictObject({
        status: z.string().optional(),
        description: z.string().optional(),
        actionsRequired: z.string().optional(),
      })
      .optional(),
  }),
});

/** Recorded: no packet goes through one. Firewalls count it (see `firewall.ts`). */
export const privateEndpoints: ResourceType = {
  name: "Microsoft.Network/privateEndpoints",
  apiVersions: VERSIONS,
  tracked: true,
  slow: "Azure-AsyncOperation",
  slowDeletion: true,
  model: new SchemaModel(
    z.strictObject({
      location: z.string(),
      tags,
      properties: z.strictObject({
        subnet,
        customNetworkInterfaceName: z.string().optional(),
        privateLinkServiceConnections: z.array(connection).optional(),
        manualPrivateLinkServiceConnections: z.array(connection).optional(),
      }),
    }),
  ),
  show: (_core, { body }) => ({
    ...body,
    properties: { ...objectAt(body, "properties"), provisioningState: "Succeeded" },
  }),
};

/** Recorded, too. */
export const privateDnsZoneGroups: ResourceType = {
  name: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
  apiVersions: VERSIONS,
  slow: "Azure-AsyncOperation",
  slowDeletion: true,
  model: new SchemaModel(
    z.strictObject({
      properties: z.strictObject({
        privateDnsZoneConfigs: z.array(
          z.strictObject({
            name: z.string(),
            properties: z.strictObject({ privateDnsZoneId: z.string() }),
          }),
        ),
      }),
    }),
  ),
  show: (_core, { body }) => ({
    ...body,
    properties: { ...objectAt(body, "properties"), provisioningState: "Succeeded" },
  }),
};
