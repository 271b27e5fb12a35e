import type { Clock } from "../clock";
import type { Store } from "../store/store";
import type { DeliveryRecord, PendingEvent } from "./model";

/** What is on its way, and what became of the rest. */
export class Journal {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  get pending(): readonly PendingEvent[] {
    return this.store.tables.pendingEvents;
  }

  get switches() {
    return this.store.tables.switches;
  }

  record(
    batch: readonly PendingEvent[],
    outcome: string,
    more: Pick<DeliveryRecord, "attempt" | "status" | "blob">,
  ): void {
    const [first] = batch;
    this.store.tables.deliveries.push({
      at: this.clock.isoNow(),
      subscription: first?.subscription ?? "",
      eventIds: batch.map(({ event }) => event.id),
      outcome,
      ...more,
    });
    this.store.changed();
  }

  forget(events: readonly PendingEvent[]): void {
    const { tables } = this.store;
    tables.pendingEvents = tables.pendingEvents.filter((one) => !events.includes(one));
    this.store.changed();
  }
}
