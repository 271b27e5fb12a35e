import { describe, expect, test } from "vitest";
import { keyEvent } from "../support/events";
import { ManualClock } from "../support/manual-clock";
import { MemoryClaims } from "../support/memory-claims";
import { Rig } from "../support/rig";

describe("6. Killed between trigger and done", () => {
  // Real processes are killed in test/relay/kills.test.ts.
  test("the claim lapses, and the next delivery starts the pipeline again", async () => {
    const clock = new ManualClock();
    const store = new MemoryClaims();
    const killed = new Rig({ clock, store });
    killed.world.script.push(() => {
      store.broken = new Error("killed");
      return killed.world.started();
    });
    const event = keyEvent();
    expect((await clock.run(killed.post([event]))).status).toBe(200);
    store.broken = undefined;
    const next = new Rig({ clock, store });
    expect((await clock.run(next.post([event]))).status).toBe(503);
    clock.move(60_000);
    expect(await (await clock.run(next.post([event]))).json()).toMatchObject({ triggered: 1 });
    expect(await (await clock.run(next.post([event]))).json()).toMatchObject({ duplicate: 1 });
  });
});
