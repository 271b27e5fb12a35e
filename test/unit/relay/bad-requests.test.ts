import { beforeAll, describe, expect, test } from "vitest";
import type { BadRequest, Means } from "./bad-requests/bad-request";
import { BODIES } from "./bad-requests/bodies";
import { ENVELOPES } from "./bad-requests/envelopes";
import { TOKENS } from "./bad-requests/tokens";
import { keyEvent } from "./support/events";
import { ENTRA_ENV, Rig, SECRET, SECRET_ENV, TOKEN } from "./support/rig";
import { Tenant } from "./support/tenant";

let tenant: Tenant;
let forger: Tenant;

beforeAll(async () => {
  [tenant, forger] = await Promise.all([Tenant.create(), Tenant.create()]);
});

async function check({ status, reason, request }: BadRequest, rig: Rig): Promise<void> {
  const means: Means = { tenant, forger, now: rig.clock.now() };
  const response = await rig.send(await request(means));
  const text = await response.text();
  expect(response.status).toBe(status);
  const logged = rig.lines.map((line) => JSON.parse(line));
  expect(logged.at(-1)).toMatchObject({ status });
  if (reason !== undefined) expect(logged.at(-1).reason).toBe(reason);
  expect(rig.world.calls).toEqual([]);
  // A refusal says one thing in a line, and nothing of what was sent or of how the relay is made.
  if (text !== "") expect(Object.keys(JSON.parse(text))).toEqual(["error"]);
  expect(text.length).toBeLessThan(200);
  for (const secret of [SECRET, TOKEN]) expect(text + rig.lines.join()).not.toContain(secret);
  expect(rig.lines.join()).not.toContain('"a defect of the relay itself"');
  // It goes on as if nothing had been.
  expect((await rig.send(new Request("https://relay.example.com/healthz"))).status).toBe(200);
}

test("there are at least 60, each with a name of its own", () => {
  const names = [...TOKENS, ...BODIES, ...ENVELOPES].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(60);
});

describe("tokens", () => {
  test.each(TOKENS)("$name: $status", (bad) => check(bad, new Rig({ env: ENTRA_ENV, tenant })));

  test("but for what is wrong with it, each would have been let in", async () => {
    const rig = new Rig({ env: ENTRA_ENV, tenant });
    const authorization = `Bearer ${await tenant.token(rig.clock.now())}`;
    expect((await rig.post([keyEvent()], { authorization })).status).toBe(200);
  });
});

describe("bodies", () => {
  test.each(BODIES)("$name: $status", (bad) => check(bad, new Rig({ env: SECRET_ENV })));
});

describe("envelopes", () => {
  test.each(ENVELOPES)("$name: $status", (bad) => check(bad, new Rig({ env: SECRET_ENV })));
});
