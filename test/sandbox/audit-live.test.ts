import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LiveReading } from "../../cli/audit/live/live-reading";
import { LiveLoop, VARIABLE } from "./support/live-loop";
import { IN_CLUSTER } from "./support/planted/in-cluster";
import { IN_GITLAB } from "./support/planted/in-gitlab";
import { IN_LOGINS } from "./support/planted/in-logins";
import { IN_VAULT } from "./support/planted/in-vault";
import type { Planted } from "./support/planted/planted";
import { TOKENS } from "./support/tokens";

let loop: LiveLoop;
/** Each reading as it would be written. */
const written: string[] = [];

beforeAll(async () => {
  loop = await LiveLoop.start("audit");
});
afterAll(() => loop?.stop());

async function read(): Promise<LiveReading> {
  const reading = await loop.read();
  written.push(JSON.stringify(reading));
  return reading;
}

const CLEAN = { findings: [], skipped: [] };

test("a clean stack: nothing is found, and nothing is left out", async () => {
  expect(await read()).toMatchObject(CLEAN);
});

const titled = (planted: readonly Planted[]) => planted.map((one) => [`${one.id}: ${one.how}`, one] as const);

async function isFound({ id, where, what, also = [], plant, heal }: Planted): Promise<void> {
  await plant(loop);
  const { findings, skipped } = await read().finally(() => heal(loop));
  expect(findings.map((finding) => finding.id).sort()).toEqual([id, ...also].sort());
  const finding = findings.find((one) => one.id === id);
  expect(finding).toMatchObject({
    origin: "live",
    where: typeof where === "string" ? where : expect.stringMatching(where),
    what: expect.stringMatching(what),
    mend: expect.stringMatching(/\w/),
  });
  expect(skipped).toEqual([]);
}

describe("in Vault, each by itself, is found by its name", () => {
  test.each(titled(IN_VAULT))("%s", (_title, planted) => isFound(planted));
});

describe("in who logs in to Vault", () => {
  test.each(titled(IN_LOGINS))("%s", (_title, planted) => isFound(planted));
});

describe("in the cluster", () => {
  test.each(titled(IN_CLUSTER))("%s", (_title, planted) => isFound(planted));
});

describe("in GitLab", () => {
  test.each(titled(IN_GITLAB))("%s", (_title, planted) => isFound(planted));
});

test("once all is healed, nothing is found again", async () => {
  expect(await read()).toMatchObject(CLEAN);
});

test("no reading holds a token, a value of a variable, or the receiver's path", async () => {
  const root = readFileSync(loop.it.loop.layout.vault.rootToken, "utf8").trim();
  const [hook] = await loop.gitlab<{ url: string }[]>("GET", "/hooks");
  const secrets = [root, VARIABLE, new URL(hook?.url ?? "").pathname];
  expect(written.length).toBeGreaterThan(40);
  for (const text of written) {
    expect(text).not.toMatch(TOKENS);
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
});
