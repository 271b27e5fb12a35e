import { Refusal } from "../refusal";
import { isObject, type JsonObject } from "./record";

/** What the Event Grid schema and CloudEvents 1.0 have in common. */
export interface Envelope {
  /** Names the event together with `source`. */
  readonly id: string;
  /** `topic` or `source`: for a Key Vault event the vault's ARM id. */
  readonly source: string;
  /** `eventType` or `type`. */
  readonly type: string;
  /** `{}` where there is none. */
  readonly data: JsonObject;
}

const LONGEST_NAME = 1024;

/**
 * The events of a delivery, in either schema, one or many. All or none: one that cannot be read refuses the whole delivery, because
 * Event Grid too takes a batch as one.
 *
 * @throws Refusal 400
 */
export function batchOf(text: string): readonly Envelope[] {
  const parsed = parse(text);
  return (Array.isArray(parsed) ? parsed : [parsed]).map(envelopeOf);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "not_json", "the body is not JSON");
  }
}

function envelopeOf(value: unknown, index: number): Envelope {
  if (!isObject(value)) throw malformed(index, "is not an object");
  const cloudEvent = "specversion" in value;
  if (cloudEvent && value.specversion !== "1.0") throw malformed(index, "has a specversion other than 1.0");
  const [source, type] = cloudEvent ? (["source", "type"] as const) : (["topic", "eventType"] as const);
  return {
    id: nameIn(value, "id", index),
    source: nameIn(value, source, index),
    type: nameIn(value, type, index),
    data: isObject(value.data) ? value.data : {},
  };
}

function nameIn(event: JsonObject, field: string, index: number): string {
  const value = event[field];
  if (typeof value !== "string" || value.trim() === "" || value.length > LONGEST_NAME)
    throw malformed(index, `has no ${field}, or not as text of at most ${LONGEST_NAME} characters`);
  return value;
}

function malformed(index: number, what: string): Refusal {
  return new Refusal(400, "malformed_event", `event ${index + 1} ${what}`);
}
