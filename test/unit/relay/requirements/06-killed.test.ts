import { beforeEach, describe, expect, test } from "vitest";
import { LEASE_MS } from "../../../../relay/claims/claims";
import { keyEvent } from "../support/events";
import { ManualClock } from "../support/manual-clock";
import { MemoryClaims } from "../support/memory-claims";
import { READING_ENV, Rig, SECRET_ENV } from "../support/rig";
import { type Answer, READ_TOKEN, says, unreachable } from "../support/world";

let clock: ManualClock;
let store: MemoryClaims;
let event: ReturnType<typeof keyEvent>;

beforeEach(() => {
  clock = new ManualClock();
  store = new MemoryClaims();
  event = keyEvent();
});

/** A relay that was killed when its pipeline had been started, and the one that finds its claim. */
async function takenOver(env: Readonly<Record<string, string>>): Promise<Rig> {
  const killed = new Rig({ clock, store, env });
  killed.world.script.push(() => {
    store.broken = new Error("killed");
    return killed.world.started();
  });
  expect((await clock.run(killed.post([event]))).status).toBe(200);
  store.broken = undefined;
  const next = new Rig({ clock, store, env, world: killed.world });
  expect((await clock.run(next.post([event]))).status).toBe(503);
  clock.move(LEASE_MS);
  return next;
}

const outcome = async (rig: Rig): Promise<unknown> => (await clock.run(rig.post([event]))).json();

// Real processes are killed in test/relay/kills.test.ts.
describe("6. Killed between trigger and done", () => {
  test("the claim lapses, and the next delivery starts the pipeline again", async () => {
    const next = await takenOver(SECRET_ENV);
    expect(await outcome(next)).toMatchObject({ triggered: 1 });
    expect(await outcome(next)).toMatchObject({ duplicate: 1 });
    expect(next.world.pipelines).toBe(2);
  });

  test("with a token that reads, the next delivery finds the pipeline, and starts none", async () => {
    const next = await takenOver(READING_ENV);
    expect(await outcome(next)).toMatchObject({ triggered: 0, duplicate: 1 });
    expect(next.world.pipelines).toBe(1);
    expect(next.lines.join("\n")).toMatch(/found the pipeline of an earlier delivery.*"pipeline":"1001"/);
    const asked = next.world.asked.length;
    expect(await outcome(next)).toMatchObject({ duplicate: 1 });
    expect(next.world.asked).toHaveLength(asked);
  });

  test.each<[string, Answer]>([
    ["does not answer", unreachable],
    ["has a bad day", says(502, "")],
    ["is asked too often", says(429, "")],
  ])("a GitLab that %s is asked again: nothing is started meanwhile, and nothing lost", async (_, search) => {
    const next = await takenOver(READING_ENV);
    next.world.searches.push(search);
    const refused = await clock.run(next.post([event]));
    expect(refused.status).toBe(503);
    expect(next.world.pipelines).toBe(1);
    expect(await outcome(next)).toMatchObject({ duplicate: 1 });
    expect(next.world.pipelines).toBe(1);
  });

  test.each<[string, Answer]>([
    ["takes the token no more", says(401, { message: "401 Unauthorized" })],
    ["has moved", says(301, "", { location: "https://gitlab.example.org" })],
    ["shows a page to sign in at", says(200, "<html>")],
    ["answers with something else", says(200, { pipelines: [] })],
  ])("a GitLab that %s: a second pipeline rather than none, and the log says why", async (_, search) => {
    const next = await takenOver(READING_ENV);
    next.world.searches.push(search);
    expect(await outcome(next)).toMatchObject({ triggered: 1 });
    expect(next.world.pipelines).toBe(2);
    expect(next.lines.join("\n")).toContain("gitlab_read_token");
    expect(next.lines.join("\n")).not.toContain(READ_TOKEN);
  });

  test("while the token is rotated, the other one is tried", async () => {
    const next = await takenOver({
      ...SECRET_ENV,
      GITLAB_READ_TOKEN: `glpat-${"d4".repeat(10)}`,
      GITLAB_READ_TOKEN_NEXT: READ_TOKEN,
    });
    expect(await outcome(next)).toMatchObject({ duplicate: 1 });
    expect(next.world.pipelines).toBe(1);
  });

  test("a pipeline of another name, as an old GitLab lists it, is none", async () => {
    const next = await takenOver(READING_ENV);
    next.world.searches.push(says(200, [{ id: 7 }, { id: 8, name: "nightly" }]));
    expect(await outcome(next)).toMatchObject({ triggered: 1 });
  });
});

describe("6. An answer that is no word of GitLab's", () => {
  test.each<[string, boolean, number]>([
    ["started the pipeline", true, 1],
    ["did not start it", false, 1],
  ])("after a proxy's 502 it is looked whether GitLab %s", async (_, started, pipelines) => {
    const rig = new Rig({ clock, store, env: READING_ENV });
    rig.world.script.push((call, signal) => {
      if (started) rig.world.started();
      return says(502, "")(call, signal);
    });
    expect((await clock.run(rig.post([event]))).status).toBe(200);
    expect(rig.world.pipelines).toBe(pipelines);
  });

  test.each<[string, Answer]>([
    ["asks for a pause", says(429, "", { "retry-after": "1" })],
    ["starts none this minute", says(400, { message: { base: ["Too many pipelines created."] } })],
    ["takes no such input", says(400, { message: { base: ["unknown input"] } })],
  ])(
    "after one of GitLab's own, who %s, nothing is looked for, not by the next delivery either",
    async (_, says) => {
      const rig = new Rig({ clock, store, env: READING_ENV });
      rig.world.script.push(says);
      await clock.run(rig.post([event]));
      expect((await clock.run(rig.post([event]))).status).toBe(200);
      expect(rig.world.asked.filter((one) => one.startsWith("GET"))).toEqual([]);
      expect(rig.world.pipelines).toBe(1);
    },
  );

  test("an answer that was lost: the next delivery looks first, and so does the one after a look that failed", async () => {
    const rig = new Rig({ clock, store, env: READING_ENV });
    rig.world.script.push((call, signal) => {
      rig.world.started();
      return unreachable(call, signal);
    });
    rig.world.searches.push(unreachable, unreachable);
    for (const status of [503, 503, 200]) expect((await clock.run(rig.post([event]))).status).toBe(status);
    expect(rig.world.pipelines).toBe(1);
  });
});
