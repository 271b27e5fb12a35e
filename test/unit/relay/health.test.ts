import { expect, test } from "vitest";
import { prometheusFigures } from "../../../relay/platforms/figures";
import { keyEvent } from "./support/events";
import { ManualClock } from "./support/manual-clock";
import { MemoryClaims } from "./support/memory-claims";
import { ENTRA_ENV, READING_ENV, Rig, SECRET_ENV } from "./support/rig";
import { Tenant } from "./support/tenant";
import { says, unreachable } from "./support/world";

const get = (path: string) => new Request(`https://relay.example.com${path}`);

test("healthz asks nobody", async () => {
  const rig = new Rig();
  expect((await rig.send(get("/healthz"))).status).toBe(200);
  expect(rig.world.asked).toEqual([]);
});

test("readyz says what is there and what is not, and asks no more often than every five seconds", async () => {
  const tenant = await Tenant.create();
  const clock = new ManualClock();
  const store = new MemoryClaims();
  const rig = new Rig({ env: ENTRA_ENV, tenant, clock, store });
  const ready = async () => {
    const response = await rig.send(get("/readyz"));
    return [response.status, await response.json()];
  };
  rig.world.keys = () => new Response("", { status: 503 });
  store.broken = new Error("read-only");
  expect(await ready()).toEqual([
    503,
    { gitlab: "ok", claims: "not reachable", authentication: "not reachable" },
  ]);
  rig.world.keys = undefined;
  store.broken = undefined;
  expect((await ready())[0]).toBe(503);
  const asked = rig.world.asked.length;
  clock.move(5_000);
  expect(await ready()).toEqual([200, { gitlab: "ok", claims: "ok", authentication: "ok" }]);
  expect(rig.world.asked.length).toBeGreaterThan(asked);
});

test("readyz says whether GitLab takes the token that reads, where there is one", async () => {
  const clock = new ManualClock();
  const rig = new Rig({ env: READING_ENV, clock });
  const ready = async () => {
    clock.move(5_000);
    const response = await rig.send(get("/readyz"));
    return { status: response.status, ...((await response.json()) as object) };
  };
  expect(await ready()).toMatchObject({ status: 200, readToken: "ok" });
  rig.world.searches.push(says(401, { message: "401 Unauthorized" }));
  expect(await ready()).toMatchObject({ status: 503, gitlab: "ok", readToken: "refused" });
  rig.world.searches.push(unreachable);
  expect(await ready()).toMatchObject({ status: 503, readToken: "not reachable" });
});

test("metrics tell outcomes, refusals and GitLab's answers, and nothing that belongs to one event", async () => {
  const { meter, text } = prometheusFigures();
  const clock = new ManualClock();
  const rig = new Rig({ clock, env: SECRET_ENV, tools: { meter, figures: text } });
  const event = keyEvent();
  rig.world.script.push(says(400, { message: { base: ["Too many pipelines created in the last minute."] } }));
  for (const body of [[event], [event], [event], [keyEvent("v1", { eventType: "Other" })], "{"])
    await clock.run(rig.post(body));
  await rig.post([event], { "x-relay-secret": "wrong" });
  const figures = await (await rig.send(get("/metrics"))).text();
  const lines = figures.split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      'sopsloop_relay_events_total{outcome="failed"} 1',
      'sopsloop_relay_events_total{outcome="triggered"} 1',
      'sopsloop_relay_events_total{outcome="duplicate"} 1',
      'sopsloop_relay_events_total{outcome="ignored"} 1',
      'sopsloop_relay_gitlab_calls_total{result="rate_limited"} 1',
      'sopsloop_relay_gitlab_calls_total{result="started"} 1',
      'sopsloop_relay_refusals_total{status="401",reason="secret_wrong"} 1',
      'sopsloop_relay_refusals_total{status="400",reason="not_json"} 1',
      'sopsloop_relay_refusals_total{status="503",reason="gitlab_rate_limited"} 1',
      'sopsloop_relay_delivery_duration_seconds_count{status="200"} 3',
    ]),
  );
  expect(figures).toContain("sopsloop_relay_delivery_duration_seconds_bucket");
  expect(figures).not.toContain(event.id);
});

test("a body that never ends is answered with 408", async () => {
  const clock = new ManualClock();
  const rig = new Rig({ clock });
  const begun = clock.now();
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("[")),
  });
  const { headers } = new Request("https://x.invalid", {
    headers: { "x-relay-secret": SECRET_ENV.RELAY_SECRET, "content-type": "application/json" },
  });
  const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
  const response = await clock.run(rig.send(new Request("https://relay.example.com/events", init)));
  expect(response.status).toBe(408);
  expect(clock.now() - begun).toBe(5_000);
});
