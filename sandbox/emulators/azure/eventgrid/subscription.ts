import { at, type JsonObject, listAt, objectAt, textAt } from "../json";
import type { Resource } from "../model";

export const TOPICS = "Microsoft.EventGrid/systemTopics";
export const SUBSCRIPTIONS = "Microsoft.EventGrid/systemTopics/eventSubscriptions";

export type DeliverySchema = "EventGridSchema" | "CloudEventSchemaV1_0";

/** What delivery needs to know of an event subscription. */
export interface EventSubscription {
  readonly name: string;
  readonly topicId: string;
  readonly endpoint: URL;
  readonly schema: DeliverySchema;
  readonly filter: JsonObject;
  readonly maxEventsPerBatch: number;
  readonly preferredBytesPerBatch: number;
  readonly maxDeliveryAttempts: number;
  readonly timeToLiveMs: number;
  /** Application that the receiver is; undefined without Entra tokens. */
  readonly audience?: string;
  readonly attributes: readonly DeliveryAttribute[];
  readonly deadLetter?: DeadLetterPlace;
}

/** A header of every delivery. */
export interface DeliveryAttribute {
  readonly name: string;
  readonly value?: string;
  /** `subject` or `data.ObjectName`, for values that come from the event. */
  readonly sourceField?: string;
  readonly secret: boolean;
}

export interface DeadLetterPlace {
  readonly accountId: string;
  readonly container: string;
  /** Whose rights it is written with; undefined for the account's own key. */
  readonly identity?: { readonly userAssigned?: string };
}

const MINUTE_MS = 60_000;

export function subscriptionOf({ id, name, body }: Resource): EventSubscription {
  const properties = objectAt(body, "properties");
  const destination = objectAt(properties, "destination", "properties");
  const audience = textAt(destination, "azureActiveDirectoryApplicationIdOrUri");
  const deadLetter = deadLetterOf(properties);
  const number = (value: ReturnType<typeof at>, otherwise: number) =>
    typeof value === "number" ? value : otherwise;
  return {
    name,
    topicId: id.slice(0, id.toLowerCase().lastIndexOf("/eventsubscriptions/")),
    endpoint: new URL(textAt(destination, "endpointUrl") ?? ""),
    schema:
      textAt(properties, "eventDeliverySchema") === "CloudEventSchemaV1_0"
        ? "CloudEventSchemaV1_0"
        : "EventGridSchema",
    filter: objectAt(properties, "filter"),
    maxEventsPerBatch: number(destination.maxEventsPerBatch, 1),
    preferredBytesPerBatch: number(destination.preferredBatchSizeInKilobytes, 64) * 1_024,
    maxDeliveryAttempts: number(at(properties, "retryPolicy", "maxDeliveryAttempts"), 30),
    timeToLiveMs: number(at(properties, "retryPolicy", "eventTimeToLiveInMinutes"), 1_440) * MINUTE_MS,
    attributes: listAt(destination, "deliveryAttributeMappings").map(attributeOf),
    ...(audience !== undefined && { audience }),
    ...(deadLetter && { deadLetter }),
  };
}

function attributeOf(mapping: ReturnType<typeof at>): DeliveryAttribute {
  const value = textAt(mapping, "properties", "value");
  const sourceField = textAt(mapping, "properties", "sourceField");
  return {
    name: textAt(mapping, "name") ?? "",
    secret: at(mapping, "properties", "isSecret") === true,
    ...(value !== undefined && { value }),
    ...(sourceField !== undefined && { sourceField }),
  };
}

function deadLetterOf(properties: JsonObject): DeadLetterPlace | undefined {
  const withIdentity = objectAt(properties, "deadLetterWithResourceIdentity");
  const destination = objectAt(
    withIdentity.deadLetterDestination ?? properties.deadLetterDestination,
    "properties",
  );
  const accountId = textAt(destination, "resourceId");
  if (accountId === undefined) return undefined;
  const container = textAt(destination, "blobContainerName") ?? "";
  if (withIdentity.identity === undefined) return { accountId, container };
  const userAssigned = textAt(withIdentity, "identity", "userAssignedIdentity");
  return { accountId, container, identity: userAssigned === undefined ? {} : { userAssigned } };
}
