import type { Definition } from "../arm/definition";
import { inProperties, object, outputs, text } from "../shape/property";
import { nameAndType, placed, provisioningState, systemData, tags } from "./shared-rows";

export const systemTopicName = {
  pattern: /^[a-zA-Z0-9-]{3,128}$/,
  form: "3 to 128 letters, digits and dashes",
};

/** The topic of one source's events. There is one at most for each source. */
export const systemTopic: Definition = {
  token: "azure-native:eventgrid:SystemTopic",
  noun: "system topic",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.EventGrid/systemTopics/{systemTopicName}",
  names: { systemTopicName },
  apiVersion: "2025-02-15",
  properties: {
    identity: object({
      principalId: text,
      tenantId: text,
      type: {
        ...text,
        oneOf: ["None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"],
      },
      userAssignedIdentities: { kind: "map", of: object({ clientId: text, principalId: text }) },
    }),
    location: placed,
    ...tags,
    ...inProperties({
      source: { ...text, replace: true },
      topicType: { ...text, replace: true },
      ...outputs({ metricResourceId: text }),
    }),
    ...provisioningState,
    ...nameAndType,
    ...systemData,
  },
};
