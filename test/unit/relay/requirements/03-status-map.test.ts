import { beforeAll, describe, expect, test } from "vitest";
import { LEASE_MS } from "../../../../relay/claims/claims";
import { keyEvent } from "../support/events";
import { ManualClock } from "../support/manual-clock";
import { MemoryClaims } from "../support/memory-claims";
import { ENTRA_ENV, Rig } from "../support/rig";
import { Tenant } from "../support/tenant";
import { type Answer, hanging, says, unreachable } from "../support/world";

let tenant: Tenant;

beforeAll(async () => {
  tenant = await Tenant.create();
});

describe("3. The status map", () => {
  const TOO_MANY = { message: { base: ["Too many pipelines created in the last minute. Try again later."] } };
  const transient: readonly [string, readonly Answer[]][] = [
    ["not reachable", [unreachable, unreachable]],
    ["no answer", [hanging]],
    ["429", [says(429, "Retry later", { "retry-after": "60" })]],
    ["429 twice", [says(429, ""), says(429, "")]],
    ["500 twice", [says(500, ""), says(500, "")]],
    ["502 twice", [says(502, "<html>"), says(502, "<html>")]],
    ["503 twice", [says(503, ""), says(503, "")]],
    ["504 twice", [says(504, ""), says(504, "")]],
    ["400 Too many pipelines", [says(400, TOO_MANY)]],
    ["400 as text", [says(400, "Too many pipelines created in the last minute. Try again later.")]],
    ["400 unknown ref", [says(400, { message: { base: ["Reference not found"] } })]],
    ["400 unknown input", [says(400, { message: { base: ["unknown input arguments: version"] } })]],
    ["401", [says(401, { message: "401 Unauthorized" })]],
    ["403", [says(403, { message: "403 Forbidden" })]],
    ["404 for the only token", [says(404, { message: "404 Not Found" })]],
    ["a page in the place of JSON", [says(200, "<html>log in</html>")]],
    ["201 with half an answer", [says(201, '{"id": 12')]],
    ["201 without an id", [says(201, { status: "created" })]],
    ["201 with nothing", [says(201, "")]],
    ["a redirect", [says(302, "", { location: "https://gitlab.example.com/users/sign_in" })]],
    ["500 once, then unreachable", [says(500, ""), unreachable]],
  ];

  test.each(transient)("GitLab: %s: 503, and the event is taken up again", async (_, script) => {
    const clock = new ManualClock();
    const rig = new Rig({ clock });
    rig.world.script.push(...script);
    const event = keyEvent();
    const first = await clock.run(rig.post([event]));
    expect(first.status).toBe(503);
    expect(Number(first.headers.get("retry-after"))).toBeGreaterThan(0);
    rig.world.script.length = 0;
    // A later one of Event Grid's tries: after a claim of which nobody knows what came.
    await clock.run(clock.sleep(LEASE_MS));
    expect((await clock.run(rig.post([event]))).status).toBe(200);
    expect(rig.world.pipelines).toBe(1);
  });

  test.each<[string, Answer]>([
    ["500", says(500, "")],
    ["429 with a short Retry-After", says(429, "", { "retry-after": "1" })],
    ["not reachable", unreachable],
  ])("GitLab: %s once, then well: 200", async (_, answer) => {
    const clock = new ManualClock();
    const rig = new Rig({ clock });
    rig.world.script.push(answer);
    expect((await clock.run(rig.post([keyEvent()]))).status).toBe(200);
    expect(rig.world.calls).toHaveLength(2);
  });

  test("the tenant's keys cannot be had: 503, not 401", async () => {
    const rig = new Rig({ env: ENTRA_ENV, tenant });
    const token = await tenant.token(rig.clock.now());
    rig.world.keys = () => new Response("", { status: 500 });
    const send = () => rig.post([keyEvent()], { authorization: `Bearer ${token}` });
    expect((await send()).status).toBe(503);
    rig.world.keys = () => Promise.reject(new TypeError("fetch failed"));
    expect((await send()).status).toBe(503);
    rig.world.keys = undefined;
    expect((await send()).status).toBe(200);
  });

  test("the tenant has just begun to sign with another key: looked up at once, or 503 where that was done a moment ago", async () => {
    const rig = new Rig({ env: ENTRA_ENV, tenant });
    const next = await Tenant.create("key-2");
    const send = async (token: string) =>
      (await rig.post([keyEvent()], { authorization: `Bearer ${token}` })).status;
    expect(await send(await tenant.token(rig.clock.now()))).toBe(200);
    rig.world.keys = () => Response.json({ keys: [...tenant.keys.keys, ...next.keys.keys] });
    expect(await send(await next.token(rig.clock.now()))).toBe(503);
  });

  test("the store cannot be reached: 503, and nothing is started", async () => {
    const store = new MemoryClaims();
    const rig = new Rig({ store });
    store.broken = new Error("connect ECONNREFUSED");
    expect((await rig.post([keyEvent()])).status).toBe(503);
    expect(rig.world.calls).toEqual([]);
  });

  test("2xx only after a durable claim", async () => {
    const store = new MemoryClaims();
    const rig = new Rig({ store });
    const seen: string[] = [];
    rig.world.script.push(() => {
      seen.push(...[...store.records.values()].map(({ record }) => record.state));
      return rig.world.started();
    });
    expect((await rig.post([keyEvent()])).status).toBe(200);
    expect(seen).toEqual(["claimed"]);
    expect([...store.records.values()].map(({ record }) => record.state)).toEqual(["done", "done"]);
  });
});
