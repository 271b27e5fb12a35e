import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunResult, tryRun } from "../../../sandbox/processes/run";
import { KEY, VAULT } from "./support/rotated-key";
import { RotationLoop, SOPSLOOP } from "./support/rotation-loop";

const DAY = 24 * 3_600_000;

let loop: RotationLoop;

beforeAll(async () => {
  loop = await RotationLoop.create();
});
afterAll(() => loop?.close());

/** `sopsloop relay replay` of what was downloaded. */
function replay(env: Readonly<Record<string, string>>, ...words: string[]): Promise<RunResult> {
  return tryRun(process.execPath, [SOPSLOOP, "relay", "replay", loop.place("dead"), ...words], { env });
}

test("11. an event that nobody took for a day lies in a blob; replayed, also twice at once, it starts one pipeline", async () => {
  await loop.project.revoke(loop.token);
  const version = await loop.rotate();
  await loop.key.advance(2 * DAY);
  expect(loop.key.pending).toBe(0);
  const outcomes = loop.key.outcomes();
  expect(outcomes.at(-1)).toBe("DeadLettered");
  expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(["Busy"]));
  expect(await loop.project.told()).toEqual([]);

  const [letter, ...others] = await loop.key.deadLetters();
  expect(others).toEqual([]);
  expect(letter?.text).not.toContain(loop.secret);
  expect(JSON.parse(letter?.text ?? "")).toEqual([
    expect.objectContaining({
      data: expect.objectContaining({ VaultName: VAULT, ObjectName: KEY, Version: version }),
      deadLetterReason: "TimeToLiveExceeded",
      deliveryAttempts: outcomes.length - 1,
      lastHttpStatusCode: 503,
    }),
  ]);

  loop.use(await loop.newToken());
  const relay = await loop.replaceRelay();
  await loop.key.downloadDeadLetters(loop.place("dead"));
  const remote = () => replay({ RELAY_SECRET: loop.secret }, "--to", `${relay.url}/events`);
  const first = await Promise.all([remote(), remote()]);
  expect(first.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(2).fill({ code: 0, stderr: "" }));
  const lines = first.map(({ stdout }) => stdout.trimEnd().split("\n").at(-1));
  expect(lines.toSorted()).toEqual([
    "0 triggered, 1 done before, 0 of no concern, 0 failed",
    "1 triggered, 0 done before, 0 of no concern, 0 failed",
  ]);
  // Later, by the relay and beside it.
  for (const again of [await remote(), await replay(loop.settings())])
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("0 triggered, 1 done before") });
  await loop.expectOnePipelineEach();
});
