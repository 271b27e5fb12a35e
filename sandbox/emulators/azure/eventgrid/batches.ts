import type { PendingEvent } from "./model";
import { inSchema } from "./schemas";
import type { EventSubscription } from "./subscription";

/** Events that go together: no more than the subscription's number, nor than its size unless one alone is larger. */
export function batches(
  { maxEventsPerBatch, preferredBytesPerBatch, schema }: EventSubscription,
  events: readonly PendingEvent[],
): PendingEvent[][] {
  const all: PendingEvent[][] = [];
  let bytes = 0;
  for (const one of events) {
    const size = JSON.stringify(inSchema(schema, one.event)).length;
    const last = all.at(-1);
    const dead = last?.[0]?.deadLetterReason !== undefined;
    const fits = last && last.length < maxEventsPerBatch && bytes + size <= preferredBytesPerBatch;
    // Dead letters share a blob whatever the size of a batch; never with events that are still to be delivered.
    const joins = dead === (one.deadLetterReason !== undefined) && (dead || fits);
    if (last && joins) last.push(one);
    else all.push([one]);
    bytes = last && joins ? bytes + size : size;
  }
  return all;
}
