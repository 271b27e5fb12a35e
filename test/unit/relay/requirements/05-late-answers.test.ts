import { beforeEach, describe, expect, test } from "vitest";
import { keyEvent } from "../support/events";
import { ManualClock } from "../support/manual-clock";
import { MemoryClaims } from "../support/memory-claims";
import { Rig } from "../support/rig";
import { type Answer, hanging, says } from "../support/world";

const SECOND = 1_000;

let clock: ManualClock;
let rig: Rig;
const event = keyEvent();

beforeEach(() => {
  clock = new ManualClock();
  rig = new Rig({ clock });
});

const post = () => clock.run(rig.post([event]));
const pass = (seconds: number) => clock.run(clock.sleep(seconds * SECOND));

/** What GitLab says after some time. */
function late(seconds: number, answer: Answer): Answer {
  return async (call, signal) => {
    await clock.sleep(seconds * SECOND);
    return answer(call, signal);
  };
}

describe("5. GitLab answers later than a delivery can wait", () => {
  test("a pipeline was started: the next delivery starts no other", async () => {
    rig.world.script.push(late(20, () => rig.world.started()));
    expect((await post()).status).toBe(503);
    await pass(30);
    expect(await (await post()).json()).toMatchObject({ triggered: 0, duplicate: 1 });
    expect(rig.world.calls).toHaveLength(1);
    expect(rig.lines.filter((line) => line.includes("started a pipeline"))).toHaveLength(1);
  });

  test("the answer is still to come: the next delivery is told to come again, and starts nothing", async () => {
    rig.world.script.push(late(39, () => rig.world.started()));
    expect((await post()).status).toBe(503);
    await pass(10);
    expect((await post()).status).toBe(503);
    await pass(30);
    expect((await post()).status).toBe(200);
    expect(rig.world.calls).toHaveLength(1);
  });

  test("none was started: the next delivery starts one", async () => {
    rig.world.script.push(late(20, says(429, "")));
    expect((await post()).status).toBe(503);
    await pass(30);
    expect(await (await post()).json()).toMatchObject({ triggered: 1 });
    expect(rig.world.calls).toHaveLength(2);
  });

  test("it was a proxy's: nobody knows, and the claim lapses", async () => {
    rig.world.script.push(late(20, says(502, "")));
    expect((await post()).status).toBe(503);
    await pass(30);
    expect((await post()).status).toBe(503);
    await pass(60);
    expect(await (await post()).json()).toMatchObject({ triggered: 1 });
  });

  test("it never does: it is given up, and the claim lapses once GitLab has given it up, too", async () => {
    let given: number | undefined;
    rig.world.script.push((call, signal) => {
      signal.addEventListener("abort", () => {
        given = clock.now() - begun;
      });
      return hanging(call, signal);
    });
    const begun = clock.now();
    expect((await post()).status).toBe(503);
    await pass(40);
    expect(given).toBe(40 * SECOND);
    expect((await post()).status).toBe(503);
    await pass(60);
    expect(await (await post()).json()).toMatchObject({ triggered: 1 });
  });
});

test("5. a delivery whose time is over before GitLab is called starts nothing behind its sender's back", async () => {
  const store = new MemoryClaims();
  const create = store.create.bind(store);
  store.create = async (...claim) => {
    await clock.sleep(26 * SECOND);
    return create(...claim);
  };
  rig = new Rig({ clock, store });
  expect((await post()).status).toBe(503);
  await pass(60);
  expect(rig.world.calls).toEqual([]);
});
