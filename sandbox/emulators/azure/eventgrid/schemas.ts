import { at, type JsonObject } from "../json";
import type { SystemEvent } from "./model";
import type { DeliverySchema } from "./subscription";

export function inSchema(schema: DeliverySchema, event: SystemEvent): JsonObject {
  return schema === "EventGridSchema" ? gridEvent(event) : cloudEvent(event);
}

/** As Key Vault's documented events look, in Event Grid's own schema. */
export function gridEvent({ id, source, subject, type, time, data }: SystemEvent): JsonObject {
  return {
    id,
    topic: source,
    subject,
    eventType: type,
    data,
    dataVersion: "1",
    metadataVersion: "1",
    eventTime: time,
  };
}

/** CloudEvents 1.0. */
export function cloudEvent({ id, source, subject, type, time, data }: SystemEvent): JsonObject {
  return { id, source, subject, type, time, data, specversion: "1.0" };
}

/** The body of a delivery: a list in Event Grid's schema; in CloudEvents, an object unless batches are on. */
export function bodyOf(schema: DeliverySchema, events: readonly SystemEvent[], batched: boolean): string {
  const all = events.map((event) => inSchema(schema, event));
  return JSON.stringify(schema === "CloudEventSchemaV1_0" && !batched ? all[0] : all);
}

export function contentType(schema: DeliverySchema, batched: boolean): string {
  if (schema === "EventGridSchema") return "application/json; charset=utf-8";
  return `application/cloudevents${batched ? "-batch" : ""}+json; charset=utf-8`;
}

/** What a path like `data.ObjectName` finds in an event. */
export function fieldOf(event: SystemEvent, path: string): ReturnType<typeof at> {
  const [first = "", ...rest] = path.split(".");
  const whole: JsonObject = { ...gridEvent(event), ...cloudEvent(event) };
  const name = Object.keys(whole).find((one) => one.toLowerCase() === first.toLowerCase()) ?? first;
  return at(whole, name, ...rest);
}
