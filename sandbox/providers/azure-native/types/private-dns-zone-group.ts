import type { Definition } from "../arm/definition";
import { inProperties, integer, listOf, object, outputs, text, texts } from "../shape/property";
import { provisioningState } from "./shared-rows";

/** Which private zones of the DNS name a private endpoint. */
export const privateDnsZoneGroup: Definition = {
  token: "azure-native:network:PrivateDnsZoneGroup",
  noun: "private DNS zone group",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}",
  apiVersion: "2024-05-01",
  properties: {
    name: text,
    ...inProperties({
      privateDnsZoneConfigs: listOf(
        object({
          name: text,
          ...inProperties({
            privateDnsZoneId: text,
            ...outputs({
              recordSets: listOf(
                object({
                  fqdn: text,
                  ipAddresses: texts,
                  provisioningState: text,
                  recordSetName: text,
                  recordType: text,
                  ttl: integer,
                }),
              ),
            }),
          }),
        }),
      ),
    }),
    ...provisioningState,
    ...outputs({ etag: text }),
  },
};
