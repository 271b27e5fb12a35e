import { randomInt } from "node:crypto";
import pLimit from "p-limit";
import type { Resources } from "../arm/resources";
import type { Clock, Scheduled } from "../clock";
import { batches } from "./batches";
import type { DeadLetters } from "./dead-letters";
import type { EventGrid } from "./event-grid";
import type { Journal } from "./journal";
import type { PendingEvent } from "./model";
import { delayAfter, isFinal } from "./retry";
import type { Outcome, Sender } from "./sender";
import type { EventSubscription } from "./subscription";

const DEAD_LETTER_DELAY_MS = 5 * 60 * 1_000;
const DEAD_LETTER_PATIENCE_MS = 4 * 60 * 60 * 1_000;

/** Brings events to their receivers, again and again as the table says, and gives up as it says. */
export class Dispatcher implements Scheduled {
  private readonly busy = new Set<PendingEvent>();
  private readonly running = new Set<Promise<void>>();
  private readonly limit = pLimit(1);

  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly resources: Resources,
    private readonly grid: EventGrid,
    private readonly sender: Sender,
    private readonly deadLetters: DeadLetters,
  ) {}

  nextDue(): number | undefined {
    const times = this.idle.map(({ due }) => due);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  begin(now: number): void {
    const due = this.idle.filter((one) => one.due <= now);
    const { shuffle, parallel } = this.journal.switches;
    this.limit.concurrency = parallel;
    for (const [id, events] of bySubscription(shuffle ? shuffled(due) : due)) {
      const resource = this.resources.get(id);
      const subscription = resource && this.grid.live(resource);
      // What was for a subscription that is gone is gone, too.
      if (subscription === undefined) this.journal.forget(events);
      else for (const batch of batches(subscription, events)) this.run(subscription, batch);
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  private run(subscription: EventSubscription, batch: readonly PendingEvent[]): void {
    for (const one of batch) this.busy.add(one);
    const dead = batch[0]?.deadLetterReason !== undefined;
    const work = (dead ? this.bury(subscription, batch) : this.deliver(subscription, batch))
      .catch(
        (error: unknown) => void process.stderr.write(`event subscription ${subscription.name}: ${error}\n`),
      )
      .finally(() => {
        for (const one of batch) this.busy.delete(one);
        this.running.delete(work);
      });
    this.running.add(work);
  }

  private async deliver(subscription: EventSubscription, batch: readonly PendingEvent[]): Promise<void> {
    const now = this.clock.now();
    const isLate = (one: PendingEvent) => now - one.publishedAt > subscription.timeToLiveMs;
    for (const one of batch.filter(isLate)) this.giveUp(subscription, one, "TimeToLiveExceeded");
    const timely = batch.filter((one) => !isLate(one));
    if (timely.length === 0) return;
    const attempts = Math.max(...timely.map((one) => one.attempts));
    const events = timely.map(({ event }) => event);
    const sends = Array.from({ length: this.journal.switches.copies }, () =>
      this.limit(async () => {
        const outcome = await this.sender.send(subscription, events, attempts);
        const { word, status } = outcome;
        this.journal.record(timely, word, { attempt: attempts + 1, ...(status !== undefined && { status }) });
        return outcome;
      }),
    );
    const [outcome = { word: "GenericError" }] = await Promise.all(sends);
    const after = this.clock.now();
    for (const one of timely) this.follow(subscription, one, outcome, after);
  }

  private follow(
    subscription: EventSubscription,
    one: PendingEvent,
    { status, word }: Outcome,
    now: number,
  ): void {
    if (word === "Delivered") {
      this.journal.forget([one]);
      return;
    }
    one.attempts += 1;
    one.lastAttemptAt = now;
    one.lastOutcome = word;
    delete one.lastStatus;
    if (status !== undefined) one.lastStatus = status;
    if (isFinal(status)) this.giveUp(subscription, one, `UndeliverableDueToHttp${word}`);
    else if (one.attempts >= subscription.maxDeliveryAttempts)
      this.giveUp(subscription, one, "MaxDeliveryAttemptsExceeded");
    else one.due = now + delayAfter(one.attempts, status);
  }

  private giveUp({ deadLetter }: EventSubscription, one: PendingEvent, reason: string): void {
    if (deadLetter === undefined) {
      this.journal.record([one], "Dropped", { attempt: one.attempts });
      this.journal.forget([one]);
      return;
    }
    one.deadLetterReason = reason;
    one.deadLetterSince = this.clock.now();
    one.due = one.deadLetterSince + DEAD_LETTER_DELAY_MS;
  }

  private async bury(subscription: EventSubscription, batch: readonly PendingEvent[]): Promise<void> {
    const { deadLetter } = subscription;
    const attempt = Math.max(...batch.map(({ attempts }) => attempts));
    try {
      if (deadLetter === undefined)
        throw new Error("the subscription has no place for dead letters any more");
      const blob = await this.deadLetters.write(subscription, deadLetter, batch);
      this.journal.record(batch, "DeadLettered", { attempt, blob });
      this.journal.forget(batch);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.keepForLater(subscription, batch, attempt, why);
    }
  }

  /** A dead letter that cannot be written is tried again for hours, and dropped then. */
  private keepForLater(
    { name, deadLetter }: EventSubscription,
    batch: readonly PendingEvent[],
    attempt: number,
    why: string,
  ): void {
    const now = this.clock.now();
    for (const one of batch) {
      const age = now - (one.deadLetterSince ?? now);
      if (age < 2 * DEAD_LETTER_DELAY_MS) process.stderr.write(`dead letter of ${name}: ${why}\n`);
      one.due = now + DEAD_LETTER_DELAY_MS;
      if (deadLetter && age < DEAD_LETTER_PATIENCE_MS) continue;
      this.journal.record([one], "Dropped", { attempt });
      this.journal.forget([one]);
    }
  }

  /** What may go out. */
  private get idle(): PendingEvent[] {
    if (this.journal.switches.hold) return [];
    return this.journal.pending.filter((one) => !this.busy.has(one));
  }
}

function bySubscription(events: readonly PendingEvent[]): Map<string, PendingEvent[]> {
  const groups = new Map<string, PendingEvent[]>();
  for (const one of events) {
    const group = groups.get(one.subscription);
    if (group) group.push(one);
    else groups.set(one.subscription, [one]);
  }
  return groups;
}

function shuffled<T>(all: readonly T[]): T[] {
  const left = [...all];
  return Array.from(all, () => left.splice(randomInt(left.length), 1)).flat();
}
