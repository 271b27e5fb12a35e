import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../../sandbox/processes/until";
import { KILLER, LATER_MS } from "../support/kill-steps";
import type { RelayProcess } from "../support/relay-process";
import { RotationLoop } from "./support/rotation-loop";

/** `SOPSLOOP_LOOP_KILLS=1000 npx vitest run --project relay test/relay/loop/kills.test.ts` is the long run. */
const KILLS = Number(process.env.SOPSLOOP_LOOP_KILLS ?? 10);
/** Where it matters most, and so in every run. */
const ALWAYS = [
  "link 1 after",
  "fetch 1 before",
  "fetch 1 after",
  "link 2 before",
  "link 2 after",
  "answer 1 before",
];
/** Event Grid's first pause. */
const PAUSE_MS = 10_000;
/** In the log of a relay that GitLab did not answer in time. */
const SLOW = '"reason":"timeout"';

let loop: RotationLoop;
let survivor: RelayProcess;

beforeAll(async () => {
  loop = await RotationLoop.create();
  survivor = await loop.startRelay({ before: KILLER, env: { CLOCK_AHEAD_MS: String(LATER_MS) } });
});
afterAll(() => loop?.close());

/** What the relay asks of the world for one delivery, in order. */
async function stepsOfOne(): Promise<string[]> {
  const relay = await loop.startRelay({ before: KILLER, env: { TELL_STEPS: "yes" } });
  await loop.rotate();
  await loop.key.advance(0);
  expect(loop.key.outcomes()).toEqual(["Delivered"]);
  await relay.end();
  return [...relay.err.matchAll(/^step (.*)$/gm)].map(([, step = ""]) => step);
}

/** Those that are always met, and others evenly between them; all of them again and again where there are more kills than steps. */
function chosen(steps: readonly string[]): string[] {
  if (KILLS >= steps.length) return Array.from({ length: KILLS }, (_, at) => steps[at % steps.length] ?? "");
  const others = steps.filter((step) => !ALWAYS.includes(step));
  const count = Math.max(0, KILLS - ALWAYS.length);
  const spread = Array.from(
    { length: count },
    (_, at) => others[Math.floor((at * others.length) / count)] ?? "",
  );
  return [...ALWAYS, ...spread];
}

/**
 * One relay killed at a step of one delivery. Event Grid comes again, and finds another relay on the same claims.
 *
 * @returns the pipelines; undefined where GitLab was so slow that the delivery took other steps
 */
async function killedAt(step: string, number: number): Promise<number | undefined> {
  const relay = await loop.startRelay({ before: KILLER, env: { KILL_AT: String(number) } });
  const version = await loop.rotate();
  await loop.key.advance(0);
  expect(await relay.ended()).toBe("SIGKILL");
  loop.leadTo(survivor);
  await until(delivered, { what: "the event to be delivered", timeoutMs: 120_000 });
  // An answer that was on its way when the relay was killed may have arrived.
  expect(loop.key.outcomes().join(" "), step).toMatch(/^(SocketError )?(Busy )*Delivered$/);
  if (relay.out.includes(SLOW)) return undefined;
  expect(relay.err).toBe(`killed at ${step}\n`);
  return (await loop.project.told(5)).filter((told) => told.endsWith(version)).length;
}

async function delivered(): Promise<true | undefined> {
  await loop.key.advance(PAUSE_MS);
  return loop.key.pending === 0 || undefined;
}

async function pipelinesAfter(step: string, number: number): Promise<number> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const pipelines = await killedAt(step, number);
    if (pipelines !== undefined) return pipelines;
  }
  throw new Error("GitLab is too slow on this machine: it takes longer than the relay waits");
}

test("6. a relay that is killed at every step of its work: nothing is lost, and each version has one pipeline", async () => {
  const steps = await stepsOfOne();
  expect(new Set(steps).size).toBe(steps.length);
  for (const step of ALWAYS) expect(steps).toContain(step);
  const all = chosen(steps);
  for (const [done, step] of all.entries()) {
    if (done > 0 && done % 50 === 0) console.log(`${done} of ${all.length} kills: none lost`);
    const pipelines = await pipelinesAfter(step, steps.indexOf(step) + 1);
    expect({ step, pipelines }).toEqual({ step, pipelines: 1 });
  }
  loop.expectCleanLogs();
  expect(await loop.key.deadLetters()).toEqual([]);
  console.log(`${all.length} kills at ${steps.length} steps: none lost, one pipeline each`);
}, 7_200_000);
