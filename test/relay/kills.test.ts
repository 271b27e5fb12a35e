import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEY, keyEvent, newVersion, SUBSCRIPTION, VAULT } from "../unit/relay/support/events";
import { expectedPipelines, KILLER, LATER_MS } from "./support/kill-steps";
import { RelayBundle, type RelayProcess } from "./support/relay-process";
import { SmallGitLab } from "./support/small-gitlab";

/** At each step once; `SOPSLOOP_RELAY_KILLS=1000 npx vitest run --project relay test/relay/kills.test.ts` is the long run. */
const KILLS = Number(process.env.SOPSLOOP_RELAY_KILLS ?? 0);
const SECRET = randomBytes(32).toString("hex");
const HEADERS = { "x-relay-secret": SECRET };
/** More than there are. */
const MOST_STEPS = 400;

let built: RelayBundle;
let gitlab: SmallGitLab;
let survivor: RelayProcess;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  built = new RelayBundle();
  gitlab = await SmallGitLab.start();
  env = {
    ...{ GITLAB_URL: gitlab.url, GITLAB_PROJECT: "101", GITLAB_TRIGGER_TOKEN: `glptt-${"a".repeat(40)}` },
    ...{
      RELAY_AUTH: "secret",
      RELAY_SECRET: SECRET,
      RELAY_KEYS: `${VAULT}/${KEY}`,
      RELAY_SUBSCRIPTIONS: SUBSCRIPTION,
    },
    RELAY_CLAIMS: built.place("claims"),
  };
  survivor = await built.start({ ...env, CLOCK_AHEAD_MS: String(LATER_MS) }, KILLER);
});
afterAll(async () => {
  await survivor?.end("SIGKILL");
  await gitlab.stop();
  built.remove();
});

interface Run {
  /** Where it was killed; undefined where it got through. */
  readonly step: string | undefined;
  readonly pipelines: number;
}

/** One relay killed at one step of one delivery, and the delivery made again to another, later, on the same claims. */
async function killedAt(step: number): Promise<Run> {
  const version = newVersion();
  const event = keyEvent(version);
  const relay = await built.start({ ...env, KILL_AT: String(step) }, KILLER);
  const first = await relay.post([event], HEADERS);
  const killed = /killed at (.*)/.exec(relay.err)?.[1];
  if (killed === undefined) {
    expect(first?.status).toBe(200);
    await relay.end("SIGKILL");
  } else expect(await relay.ended()).toBe("SIGKILL");
  // In full, and never more than once: nothing may be left that stands in the way, and what is done is done.
  expect((await survivor.post([event], HEADERS))?.status).toBe(200);
  const pipelines = gitlab.startedFor(version);
  expect(await (await survivor.post([event], HEADERS))?.json()).toMatchObject({ duplicate: 1 });
  expect(gitlab.startedFor(version)).toBe(pipelines);
  return { step: killed, pipelines };
}

describe("6. A relay that is killed", () => {
  test("at every step of its work loses nothing, and starts a second pipeline only between trigger and done", async () => {
    const runs: Run[] = [];
    for (let step = 1; step <= MOST_STEPS; step++) {
      const run = await killedAt(step);
      if (run.step === undefined) break;
      runs.push(run);
    }
    const steps = runs.map(({ step }) => step ?? "");
    expect(new Set(steps).size).toBe(steps.length);
    // Claim, trigger, done, answer: all of it was met.
    for (const met of [
      "mkdir 1 before",
      "link 1 before",
      "fetch 1 before",
      "fetch 1 after",
      "link 2 after",
      "answer 1 before",
    ])
      expect(steps).toContain(met);
    expect(runs.map(({ pipelines }) => pipelines)).toEqual(
      steps.map((step) => expectedPipelines(steps, step)),
    );
    let done = runs.length;
    for (; done < KILLS; done++) {
      const { step, pipelines } = await killedAt((done % steps.length) + 1);
      expect({ step, pipelines }).toEqual({ step, pipelines: expectedPipelines(steps, step) });
    }
    console.log(`${done} kills at ${steps.length} steps, none lost`);
  }, 1_800_000);
});
