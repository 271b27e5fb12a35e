import type { Definition } from "../arm/definition";
import { inProperties, listOf, object, outputs, text, texts } from "../shape/property";
import { nameAndType, placed, provisioningState, tags } from "./shared-rows";

const connection = object({
  id: text,
  name: text,
  ...inProperties({
    groupIds: texts,
    privateLinkServiceConnectionState: object({ actionsRequired: text, description: text, status: text }),
    privateLinkServiceId: text,
    requestMessage: text,
    ...outputs({ provisioningState: text }),
  }),
  ...outputs({ etag: text, type: text }),
});

/** Azure looks at the id alone; the rest is what the SDK fills in. */
const subnet = object({
  id: text,
  ...inProperties({ privateEndpointNetworkPolicies: text, privateLinkServiceNetworkPolicies: text }),
});

/** An address for a resource in a network of one's own. */
export const privateEndpoint: Definition = {
  token: "azure-native:network:PrivateEndpoint",
  noun: "private endpoint",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/privateEndpoints/{privateEndpointName}",
  apiVersion: "2024-05-01",
  properties: {
    location: placed,
    ...tags,
    ...inProperties({
      customDnsConfigs: listOf(object({ fqdn: text, ipAddresses: texts })),
      customNetworkInterfaceName: text,
      ipConfigurations: listOf(
        object({
          name: text,
          ...inProperties({ groupId: text, memberName: text, privateIPAddress: text }),
        }),
      ),
      manualPrivateLinkServiceConnections: listOf(connection),
      privateLinkServiceConnections: listOf(connection),
      subnet: { ...subnet, replace: true },
      ...outputs({ networkInterfaces: listOf(object({ id: text })) }),
    }),
    ...provisioningState,
    ...outputs({ etag: text }),
    ...nameAndType,
  },
};
