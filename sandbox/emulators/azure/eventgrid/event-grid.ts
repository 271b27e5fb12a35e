import { randomUUID } from "node:crypto";
import { keyOf, sameId } from "../arm/resource-id";
import type { Resources } from "../arm/resources";
import type { Clock } from "../clock";
import { isObject, type JsonObject, textAt } from "../json";
import type { Resource } from "../model";
import type { Store } from "../store/store";
import { passes } from "./filter";
import type { PendingEvent, SystemEvent } from "./model";
import { type EventSubscription, SUBSCRIPTIONS, subscriptionOf, TOPICS } from "./subscription";

/** What a resource has to tell; the rest of an event follows from the resource. */
export interface News {
  readonly type: string;
  readonly subject: string;
  readonly data: JsonObject;
}

/** System topics: whatever their sources tell is put on its way to the subscriptions that want it. */
export class EventGrid {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly resources: Resources,
  ) {}

  publish(source: Resource, news: News): void {
    const event: SystemEvent = { id: randomUUID(), source: source.id, time: this.clock.isoNow(), ...news };
    const { tables } = this.store;
    for (const resource of this.subscriptionsTo(source)) {
      const subscription = this.live(resource);
      if (subscription === undefined || !passes(subscription.filter, event)) continue;
      const now = this.clock.now();
      const about = { subscription: keyOf(resource.id), event, publishedAt: now };
      const pending: PendingEvent = { id: randomUUID(), ...about, attempts: 0, due: now };
      if (tables.switches.drop)
        tables.deliveries.push({
          at: event.time,
          subscription: resource.id,
          eventIds: [event.id],
          attempt: 0,
          outcome: "LostOnPurpose",
        });
      else tables.pendingEvents.push(pending);
    }
    this.store.changed();
    this.clock.wake();
  }

  /** A subscription as its receiver has consented to it; undefined when it never has. */
  live({ hidden, ...resource }: Resource): EventSubscription | undefined {
    return isObject(hidden.live) ? subscriptionOf({ ...resource, hidden, body: hidden.live }) : undefined;
  }

  private subscriptionsTo(source: Resource): Resource[] {
    const topics = this.resources
      .ofType(TOPICS)
      .filter(({ body }) => sameId(textAt(body, "properties", "source") ?? "", source.id));
    return topics.flatMap(({ id }) => this.resources.childrenOf(id, SUBSCRIPTIONS));
  }
}
