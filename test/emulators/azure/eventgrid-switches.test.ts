import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EventStage, eventStage } from "./support/event-stage";
import { consenting, type React } from "./support/test-receiver";

let stage: EventStage;

beforeAll(async () => {
  stage = await eventStage();
});
afterEach(() => stage.reset());
afterAll(() => stage.close());

describe("the switches", () => {
  it("deliver a hundred times, fifty at a time", async () => {
    let [now, most] = [0, 0];
    const count: React = (request) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
      }, 20);
      return { ...consenting(request), afterMs: 20 };
    };
    await stage.subscribe("sub");
    stage.relay.forget();
    await stage.azure.admin("PATCH", "/switches", { copies: 100, parallel: 50 });
    stage.relay.reactsWith(count);
    stage.publish("many");
    await stage.azure.core.clock.drain();
    expect(stage.relay.events).toHaveLength(100);
    expect(new Set(stage.relay.events.map(({ id }) => id)).size).toBe(1);
    expect(most).toBeLessThanOrEqual(50);
  });

  it("shuffle what is due", async () => {
    await stage.subscribe("sub");
    stage.relay.forget();
    await stage.azure.admin("PATCH", "/switches", { shuffle: true, parallel: 1 });
    const subjects = Array.from({ length: 30 }, (_, index) => `v${index}`);
    stage.publish(...subjects);
    await stage.azure.core.clock.drain();
    const got = stage.relay.events.map(({ subject }) => String(subject));
    expect(got).not.toEqual(subjects);
    expect(got.toSorted()).toEqual(subjects.toSorted());
  });

  it("keep everything back until later, and deliver each event once then", async () => {
    await stage.subscribe("sub");
    stage.relay.forget();
    await stage.azure.admin("PATCH", "/switches", { hold: true });
    stage.publish("one", "two");
    await stage.azure.core.clock.advance(3_600_000);
    expect(stage.relay.events).toEqual([]);
    await stage.azure.admin("PATCH", "/switches", { hold: false });
    await stage.azure.core.clock.drain();
    expect(stage.relay.events.map(({ subject }) => subject).toSorted()).toEqual(["one", "two"]);
    expect(stage.outcomes()).toEqual(["Delivered", "Delivered"]);
  });

  it("lose everything", async () => {
    await stage.subscribe("sub");
    stage.relay.forget();
    await stage.azure.admin("PATCH", "/switches", { drop: true });
    stage.publish("gone");
    await stage.azure.core.clock.advance(3_600_000);
    expect(stage.relay.events).toEqual([]);
    const deliveries = await stage.azure.admin("GET", "/deliveries");
    expect(deliveries.body).toMatchObject([{ outcome: "LostOnPurpose" }]);
  });
});
