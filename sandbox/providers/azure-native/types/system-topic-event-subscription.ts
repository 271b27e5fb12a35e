import type { InputFailure, PlainMap } from "../../engine/resource-type";
import { isMap } from "../../engine/wire";
import type { Definition } from "../arm/definition";
import { inProperties, object, outputs, text, texts } from "../shape/property";
import { deadLetterDestination, eventDestination } from "./event-destination";
import { eventFilter } from "./event-filter";
import { nameAndType, provisioningState, systemData } from "./shared-rows";
import { systemTopicName } from "./system-topic";

const identity = object({
  type: { ...text, oneOf: ["SystemAssigned", "UserAssigned"] },
  userAssignedIdentity: text,
});

/**
 * Who gets a system topic's events, and which. Azure calls a webhook before it answers, so that the webhook has to be there
 * first.
 */
export const systemTopicEventSubscription: Definition = {
  token: "azure-native:eventgrid:SystemTopicEventSubscription",
  noun: "event subscription",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.EventGrid/systemTopics/{systemTopicName}/eventSubscriptions/{eventSubscriptionName}",
  names: {
    systemTopicName,
    eventSubscriptionName: { pattern: /^[a-zA-Z0-9-]{3,64}$/, form: "3 to 64 letters, digits and dashes" },
  },
  apiVersion: "2025-02-15",
  properties: {
    ...inProperties({
      deadLetterDestination,
      deadLetterWithResourceIdentity: object({ deadLetterDestination, identity }),
      deliveryWithResourceIdentity: object({ destination: eventDestination, identity }),
      destination: eventDestination,
      eventDeliverySchema: {
        ...text,
        oneOf: ["EventGridSchema", "CustomInputSchema", "CloudEventSchemaV1_0"],
      },
      expirationTimeUtc: text,
      filter: eventFilter,
      labels: texts,
      retryPolicy: object({
        eventTimeToLiveInMinutes: { kind: "integer", least: 1, most: 1440 },
        maxDeliveryAttempts: { kind: "integer", least: 1, most: 30 },
      }),
      ...outputs({ topic: text }),
    }),
    ...provisioningState,
    ...nameAndType,
    ...systemData,
  },
  check: (inputs) => [
    ...both(inputs, "destination", "deliveryWithResourceIdentity"),
    ...both(inputs, "deadLetterDestination", "deadLetterWithResourceIdentity"),
    ...webhookFailures(inputs),
  ],
};

function both(inputs: PlainMap, one: string, other: string): InputFailure[] {
  if (inputs[one] === undefined || inputs[other] === undefined) return [];
  return [{ path: one, reason: `${one} and ${other} cannot both be set` }];
}

function webhookFailures({ destination }: PlainMap): InputFailure[] {
  if (!isMap(destination) || destination.endpointType !== "WebHook") return [];
  const { endpointUrl } = destination;
  if (typeof endpointUrl !== "string" || endpointUrl.startsWith("https://")) return [];
  return [{ path: "destination.endpointUrl", reason: "destination.endpointUrl must begin with https://" }];
}
