import { describe, expect, test } from "vitest";
import { BUDGET_MS } from "../../../../relay/deadline";
import { keyEvent } from "../support/events";
import { ManualClock } from "../support/manual-clock";
import { MemoryClaims } from "../support/memory-claims";
import { Rig } from "../support/rig";
import { type Answer, hanging, says } from "../support/world";

describe("4. The budget", () => {
  test("the worst case is answered within 25 s, with two calls of at most 8 s", async () => {
    const clock = new ManualClock();
    const rig = new Rig({ clock });
    const begun = clock.now();
    const took: number[] = [];
    const slow: Answer = async () => {
      await clock.sleep(7_900);
      took.push(clock.now() - begun);
      return new Response("", { status: 503 });
    };
    rig.world.script.push(slow, slow);
    const response = await clock.run(rig.post([keyEvent()]));
    expect(response.status).toBe(503);
    expect(took).toHaveLength(2);
    expect(clock.now() - begun).toBeLessThanOrEqual(BUDGET_MS);
  });

  test("a call without an answer is given up after 8 s and not made again at once: it may have started a pipeline", async () => {
    const clock = new ManualClock();
    const rig = new Rig({ clock });
    const begun = clock.now();
    rig.world.script.push(hanging);
    expect((await clock.run(rig.post([keyEvent()]))).status).toBe(503);
    expect(clock.now() - begun).toBe(8_000);
    expect(rig.world.calls).toHaveLength(1);
  });

  test.each([
    ["3", 200, 2],
    ["5", 503, 1],
    ["Wed, 25 Nov 2026 12:00:02 GMT", 200, 2],
    ["Wed, 25 Nov 2026 13:00:00 GMT", 503, 1],
  ])("Retry-After: %s is honoured", async (retryAfter, status, calls) => {
    const clock = new ManualClock();
    const rig = new Rig({ clock });
    rig.world.script.push(says(429, "", { "retry-after": retryAfter }));
    expect((await clock.run(rig.post([keyEvent()]))).status).toBe(status);
    expect(rig.world.calls).toHaveLength(calls);
  });

  test("the pause before the second call differs from one to the next", async () => {
    const pauses: number[] = [];
    for (const chance of [0, 0.9]) {
      const clock = new ManualClock();
      clock.chance = chance;
      const rig = new Rig({ clock });
      rig.world.script.push(says(500, ""));
      const begun = clock.now();
      await clock.run(rig.post([keyEvent()]));
      pauses.push(clock.now() - begun);
    }
    expect(pauses).toEqual([250, 925]);
  });

  test("whatever hangs, there is an answer within the budget", async () => {
    const clock = new ManualClock();
    const store = new MemoryClaims();
    store.read = () => new Promise(() => {});
    const rig = new Rig({ clock, store });
    const begun = clock.now();
    expect((await clock.run(rig.post([keyEvent()]))).status).toBe(503);
    expect(clock.now() - begun).toBe(BUDGET_MS);
  });
});
