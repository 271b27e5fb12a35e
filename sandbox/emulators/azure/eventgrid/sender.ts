import type { DeliveryHeaders } from "./delivery-headers";
import type { SystemEvent } from "./model";
import { delivered, outcomeOf } from "./retry";
import { bodyOf } from "./schemas";
import type { EventSubscription } from "./subscription";
import type { Webhooks } from "./webhooks";

/** What an attempt to deliver came to. */
export interface Outcome {
  /** Undefined when there was no answer. */
  readonly status?: number;
  /** Event Grid's word for it. */
  readonly word: string;
}

/** One attempt to bring events to their receiver. */
export class Sender {
  constructor(
    private readonly webhooks: Webhooks,
    private readonly headers: DeliveryHeaders,
  ) {}

  /** @param attempts that were made before. */
  async send(
    subscription: EventSubscription,
    events: readonly SystemEvent[],
    attempts: number,
  ): Promise<Outcome> {
    const { schema, endpoint, maxEventsPerBatch } = subscription;
    try {
      const headers = await this.headers.of(subscription, "Notification", attempts, events[0]);
      const body = bodyOf(schema, events, maxEventsPerBatch > 1);
      const { status } = await this.webhooks.send(endpoint, "POST", headers, body);
      return { status, word: delivered(status) ? "Delivered" : outcomeOf(status) };
    } catch (error) {
      const { code, message = "" } = error as NodeJS.ErrnoException;
      if (message.startsWith("no answer within")) return { word: "TimedOut" };
      return { word: code === undefined ? "ResolutionError" : "SocketError" };
    }
  }
}
