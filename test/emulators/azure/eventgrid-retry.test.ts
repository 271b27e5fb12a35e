import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { delayAfter } from "../../../sandbox/emulators/azure/eventgrid/retry";
import { type EventStage, eventStage } from "./support/event-stage";
import { consenting } from "./support/test-receiver";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let stage: EventStage;

beforeAll(async () => {
  stage = await eventStage();
});
afterEach(() => stage.reset());
afterAll(() => stage.close());

describe("an event that cannot be delivered", () => {
  it("is tried again by Event Grid's table, until a day is over", async () => {
    const times: number[] = [];
    await stage.subscribe("sub");
    stage.relay.forget();
    stage.relay.reactsWith(() => {
      times.push(stage.azure.core.clock.now());
      return { status: 500 };
    });
    stage.publish("table");
    await stage.azure.core.clock.drain();
    await stage.azure.core.clock.advance(36 * HOUR);
    // The clock goes on while the test does: a gap is never shorter than the table's, but may be longer by a moment.
    const grain = 10 * SECOND;
    const gaps = times
      .slice(1)
      .map((time, index) => Math.floor((time - (times[index] ?? 0)) / grain) * grain);
    expect(gaps).toEqual([
      10 * SECOND,
      30 * SECOND,
      MINUTE,
      5 * MINUTE,
      10 * MINUTE,
      30 * MINUTE,
      HOUR,
      3 * HOUR,
      6 * HOUR,
      12 * HOUR,
    ]);
    expect(stage.outcomes().at(-1)).toBe("Dropped");
    expect(stage.relay.received.map(({ headers }) => headers["aeg-delivery-count"])).toEqual(
      times.map((_, index) => String(index)),
    );
  });

  it.each([
    { status: 404, least: 5 * MINUTE },
    { status: 408, least: 2 * MINUTE },
    { status: 503, least: 30 * SECOND },
    { status: 500, least: 10 * SECOND },
    { status: undefined, least: 10 * SECOND },
  ])("waits at least $least ms after $status", ({ status, least }) => {
    expect(delayAfter(1, status)).toBe(least);
    expect(delayAfter(7, status)).toBe(HOUR);
  });

  it("arrives when the receiver is well again, once", async () => {
    await stage.subscribe("sub");
    stage.relay.forget();
    stage.relay.reactsWith(() => ({ status: 503 }));
    stage.publish("patient");
    await stage.azure.core.clock.advance(30 * MINUTE);
    stage.relay.reactsWith(consenting);
    stage.relay.forget();
    await stage.azure.core.clock.advance(2 * HOUR);
    expect(stage.relay.events.map(({ subject }) => subject)).toEqual(["patient"]);
    expect(stage.outcomes().at(-1)).toBe("Delivered");
    expect(stage.azure.core.store.tables.pendingEvents).toEqual([]);
  });

  it("is tried again when the receiver is too slow, or not there", async () => {
    await stage.subscribe("sub");
    stage.relay.forget();
    stage.relay.reactsWith(() => ({ status: 200, afterMs: 60_000 }));
    stage.publish("slow");
    await stage.azure.core.clock.drain();
    await stage.azure.admin("PUT", "/sites/relay-events", { address: "http://127.0.0.1:9" });
    await stage.azure.core.clock.advance(11 * SECOND);
    await stage.azure.admin("PUT", "/sites/relay-events", { address: stage.relay.address });
    stage.relay.reactsWith(consenting);
    await stage.azure.core.clock.advance(MINUTE);
    expect(stage.outcomes()).toEqual(["TimedOut", "SocketError", "Delivered"]);
  });

  it.each([400, 401, 403, 413])(
    "is dropped at once after %s, when nobody takes dead letters",
    async (status) => {
      await stage.subscribe("sub");
      stage.relay.forget();
      stage.relay.reactsWith(() => ({ status }));
      stage.publish("final");
      await stage.azure.core.clock.advance(HOUR);
      expect(stage.relay.events).toHaveLength(1);
      expect(stage.outcomes().at(-1)).toBe("Dropped");
    },
  );

  it("is given up after so many attempts, or so many minutes, as the subscription says", async () => {
    await stage.subscribe("sub", { retryPolicy: { maxDeliveryAttempts: 3 } });
    stage.relay.forget();
    stage.relay.reactsWith(() => ({ status: 500 }));
    stage.publish("attempts");
    await stage.azure.core.clock.advance(HOUR);
    expect(stage.relay.events).toHaveLength(3);
    stage.relay.reactsWith(consenting);
    await stage.subscribe("sub", { retryPolicy: { eventTimeToLiveInMinutes: 1 } });
    stage.relay.forget();
    stage.relay.reactsWith(() => ({ status: 500 }));
    stage.publish("minutes");
    await stage.azure.core.clock.advance(HOUR);
    // The time is looked at only when the next attempt is due: after 0, 10 and 40 seconds, and not after 100.
    expect(stage.relay.events).toHaveLength(3);
  });
});
