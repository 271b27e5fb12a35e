import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cloudEvent, KEY, keyEvent, newVersion, SUBSCRIPTION, VAULT } from "../unit/relay/support/events";
import { DeployProject } from "./support/deploy-project";
import { RelayBundle, type RelayProcess } from "./support/relay-process";

const SECRET = randomBytes(32).toString("hex");
const HEADERS = { "x-relay-secret": SECRET, "aeg-subscription-name": SUBSCRIPTION.toUpperCase() };

let project: DeployProject;
let built: RelayBundle;
let token: string;
const running: RelayProcess[] = [];

beforeAll(async () => {
  built = new RelayBundle();
  project = await DeployProject.create();
  token = await project.newToken();
});
afterAll(async () => {
  for (const relay of running) await relay.end("SIGKILL");
  await project.close();
  built.remove();
});

async function start(
  claims: string,
  different: Readonly<Record<string, string>> = {},
): Promise<RelayProcess> {
  const relay = await built.start({
    ...project.env(token),
    ...{
      RELAY_AUTH: "secret",
      RELAY_SECRET: SECRET,
      RELAY_KEYS: `${VAULT}/${KEY}`,
      RELAY_SUBSCRIPTIONS: SUBSCRIPTION,
    },
    ...{ RELAY_CLAIMS: built.place(claims), ...different },
  });
  running.push(relay);
  return relay;
}

describe("a relay and GitLab, judged by @gitbeaker/rest", () => {
  let before: number[];
  const fresh = async () => (await project.pipelines()).slice(before.length);

  beforeEach(async () => {
    before = await project.pipelines();
  });

  test("a new key version starts a pipeline that knows which", async () => {
    const relay = await start("first");
    const version = newVersion();
    const response = await relay.post([keyEvent(version)], HEADERS);
    expect(response?.status).toBe(200);
    expect(response?.headers.get("content-length")).not.toBeNull();
    const [pipeline = 0, ...more] = await fresh();
    expect(more).toEqual([]);
    expect(await project.traceOf(pipeline)).toContain(`rotated azure_kv ${VAULT}/${KEY} ${version}`);
    expect(relay.out).toContain(`"pipeline":"${pipeline}"`);
    expect(relay.out).not.toMatch(/glptt-|Bearer|code=/);
    expect(relay.out).not.toContain(SECRET);
    expect(await (await fetch(`${relay.url}/readyz`)).json()).toEqual({
      ...{ gitlab: "ok", claims: "ok", authentication: "ok" },
    });
  });

  test("100 duplicates, 50 at a time, in both schemas: exactly one pipeline; none more after a restart", async () => {
    const relay = await start("duplicates");
    const version = newVersion();
    const one = (index: number) => (index % 2 === 0 ? [keyEvent(version)] : cloudEvent(version));
    const statuses: (number | undefined)[] = [];
    for (const half of [0, 50]) {
      const batch = Array.from({ length: 50 }, (_, index) => relay.post(one(half + index), HEADERS));
      for (const response of await Promise.all(batch)) statuses.push(response?.status);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await fresh()).toHaveLength(1);
    expect(await relay.end()).toBe(0);
    const again = await start("duplicates");
    expect(await (await again.post([keyEvent(version)], HEADERS))?.json()).toMatchObject({ duplicate: 1 });
    expect(await fresh()).toHaveLength(1);
  });

  test("v1 to v5 in any order: a pipeline each", async () => {
    const relay = await start("shuffled");
    const versions = Array.from({ length: 5 }, () => newVersion());
    for (const at of [3, 0, 4, 2, 1])
      expect((await relay.post([keyEvent(versions[at])], HEADERS))?.status).toBe(200);
    expect(await fresh()).toHaveLength(5);
  });

  test("the trigger token is rotated mid-flight: nothing is lost", async () => {
    const next = await project.newToken();
    const relay = await start("rotated", { GITLAB_TRIGGER_TOKEN_NEXT: next });
    expect((await relay.post([keyEvent()], HEADERS))?.status).toBe(200);
    await project.revokeOldest();
    token = next;
    expect((await relay.post([keyEvent()], HEADERS))?.status).toBe(200);
    expect(await fresh()).toHaveLength(2);
  });

  test("no token holds any more, or the branch is not there: 503 until somebody has mended it, then one pipeline", async () => {
    const event = keyEvent();
    for (const wrong of [
      { GITLAB_TRIGGER_TOKEN: `glptt-${"0".repeat(40)}` },
      { GITLAB_REF: "no-such-branch" },
    ]) {
      const relay = await start("mended", wrong);
      expect((await relay.post([event], HEADERS))?.status).toBe(503);
      await relay.end();
    }
    const mended = await start("mended");
    expect((await mended.post([event], HEADERS))?.status).toBe(200);
    expect(await fresh()).toHaveLength(1);
  });

  test("GitLab is down: 503, its readiness says so; it is back: one pipeline", async () => {
    const relay = await start("down");
    const event = keyEvent();
    const comeBack = await project.goDown();
    try {
      expect((await relay.post([event], HEADERS))?.status).toBe(503);
      const readiness = await fetch(`${relay.url}/readyz`);
      expect(readiness.status).toBe(503);
      expect(await readiness.json()).toMatchObject({ gitlab: "not reachable", claims: "ok" });
    } finally {
      await comeBack();
    }
    expect((await relay.post([event], HEADERS))?.status).toBe(200);
    expect(await fresh()).toHaveLength(1);
  });
});
