import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEY, keyEvent, newVersion, SUBSCRIPTION, VAULT } from "../unit/relay/support/events";
import { expectedPipelines, KILLER, LATER_MS } from "./support/kill-steps";
import { RelayBundle, type RelayProcess } from "./support/relay-process";
import { READ_TOKEN, SmallGitLab } from "./support/small-gitlab";

/** At each step once; `SOPSLOOP_RELAY_KILLS=1000 npx vitest run --project relay test/relay/kills.test.ts` is the long run. */
const KILLS = Number(process.env.SOPSLOOP_RELAY_KILLS ?? 0);
const SECRET = randomBytes(32).toString("hex");
const HEADERS = { "x-relay-secret": SECRET };
/** More than there are. */
const MOST_STEPS = 400;
/** Claim, trigger, done, answer. */
const MET = [
  "mkdir 1 before",
  "link 1 before",
  "fetch 1 before",
  "fetch 1 after",
  "link 2 after",
  "answer 1 before",
];

let built: RelayBundle;
let gitlab: SmallGitLab;

beforeAll(async () => {
  built = new RelayBundle();
  gitlab = await SmallGitLab.start();
});
afterAll(async () => {
  await gitlab?.stop();
  built?.remove();
});

interface Run {
  /** Where it was killed; undefined where it got through. */
  readonly step: string | undefined;
  readonly pipelines: number;
}

describe.each<[string, Readonly<Record<string, string>>]>([
  ["that can only start pipelines", {}],
  ["that may list them, too", { GITLAB_READ_TOKEN: READ_TOKEN }],
])("6. A relay %s, killed", (name, more) => {
  const reads = more.GITLAB_READ_TOKEN !== undefined;
  const one = (steps: readonly string[], step: string | undefined) =>
    reads ? 1 : expectedPipelines(steps, step);
  let env: Readonly<Record<string, string>>;
  let survivor: RelayProcess;

  beforeAll(async () => {
    env = {
      ...{ GITLAB_URL: gitlab.url, GITLAB_PROJECT: "101", GITLAB_TRIGGER_TOKEN: `glptt-${"a".repeat(40)}` },
      ...{ RELAY_AUTH: "secret", RELAY_SECRET: SECRET, RELAY_SUBSCRIPTIONS: SUBSCRIPTION },
      ...{ RELAY_KEYS: `${VAULT}/${KEY}`, RELAY_CLAIMS: built.place(name.replaceAll(/\W+/g, "-")) },
      ...more,
    };
    // Past the claims of a relay that was killed, and of a second one that had taken it over.
    survivor = await built.start({ ...env, CLOCK_AHEAD_MS: String(2 * LATER_MS) }, KILLER);
  });
  afterAll(() => survivor?.end("SIGKILL"));

  /** Starts relays one after the other, each of which is killed at a step of the same delivery; the survivor is given it, later, too. */
  async function killedAt(...killAt: readonly number[]): Promise<Run> {
    const version = newVersion();
    const event = keyEvent(version);
    let step: string | undefined;
    for (const [at, target] of killAt.entries()) {
      const ahead = String(at * LATER_MS);
      const relay = await built.start({ ...env, CLOCK_AHEAD_MS: ahead, KILL_AT: String(target) }, KILLER);
      const answer = await relay.post([event], HEADERS);
      step = /killed at (.*)/.exec(relay.err)?.[1];
      if (step === undefined) expect(answer?.status).toBe(200);
      expect(await (step === undefined ? relay.end("SIGKILL") : relay.ended())).toBe("SIGKILL");
    }
    // In full, and never more than once: nothing may be left that stands in the way, and what is done is done.
    expect((await survivor.post([event], HEADERS))?.status).toBe(200);
    const pipelines = gitlab.startedFor(version);
    expect(await (await survivor.post([event], HEADERS))?.json()).toMatchObject({ duplicate: 1 });
    expect(gitlab.startedFor(version)).toBe(pipelines);
    return { step, pipelines };
  }

  async function killedEverywhere(before: readonly number[] = []): Promise<Run[]> {
    const runs: Run[] = [];
    for (let step = 1; step <= MOST_STEPS; step++) {
      const run = await killedAt(...before, step);
      if (run.step === undefined) break;
      runs.push(run);
    }
    return runs;
  }

  test(`at every step of its work loses nothing, and starts ${reads ? "one pipeline" : "a second pipeline only between trigger and done"}`, async () => {
    const runs = await killedEverywhere();
    const steps = runs.map(({ step }) => step ?? "");
    expect(new Set(steps).size).toBe(steps.length);
    for (const met of MET) expect(steps).toContain(met);
    expect(runs.map(({ pipelines }) => pipelines)).toEqual(steps.map((step) => one(steps, step)));
    let done = runs.length;
    for (; done < KILLS; done++) {
      const { step, pipelines } = await killedAt((done % steps.length) + 1);
      expect({ step, pipelines }).toEqual({ step, pipelines: one(steps, step) });
    }
    console.log(`${done} kills at ${steps.length} steps, none lost`);

    if (!reads) return;
    // The pipeline runs, nobody has noted it, and whoever takes over is killed as well: while it looks, and while it notes what it found.
    const twice = await killedEverywhere([steps.indexOf("fetch 1 after") + 1]);
    const again = twice.map(({ step }) => step ?? "");
    for (const met of ["fetch 1 before", "fetch 1 after", "answer 1 before"]) expect(again).toContain(met);
    expect(twice.map(({ pipelines }) => pipelines)).toEqual(again.map(() => 1));
    console.log(`${twice.length} kills of the relay that takes over, none lost, one pipeline each`);
  }, 1_800_000);
});
