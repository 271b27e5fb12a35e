import { beforeAll, describe, expect, test } from "vitest";
import { keyEvent, validationEvent } from "../support/events";
import { RelayDrill } from "../support/relay-drill";
import { delivery, ENTRA_ENV, NEXT_SECRET, Rig, SECRET, SECRET_ENV } from "../support/rig";
import { Tenant } from "../support/tenant";

let tenant: Tenant;

beforeAll(async () => {
  tenant = await Tenant.create();
});

describe("2. Authentication on every POST, before anything is read", () => {
  test("a stranger's body is never touched", async () => {
    let pulled = 0;
    const body = new ReadableStream(
      {
        pull() {
          pulled += 1;
          throw new Error("read by the relay");
        },
      },
      { highWaterMark: 0 },
    );
    const request = new Request("https://relay.example.com/events", {
      method: "POST",
      body,
      duplex: "half",
    } as RequestInit);
    expect((await new Rig().send(request)).status).toBe(401);
    expect(pulled).toBe(0);
  });

  test.each(["version 1", "version 2"])("a token of Entra ID, %s", async (version) => {
    const rig = new Rig({ env: ENTRA_ENV, tenant });
    const now = rig.clock.now();
    const token = await (version === "version 1" ? tenant.tokenV1(now) : tenant.token(now));
    const response = await rig.post([keyEvent()], { authorization: `Bearer ${token}`, "x-relay-secret": "" });
    expect(response.status).toBe(200);
    expect(rig.world.calls).toHaveLength(1);
  });

  test("the validation handshake too", async () => {
    const rig = new Rig();
    const headers = { "aeg-event-type": "SubscriptionValidation", "x-relay-secret": "not the secret" };
    expect((await rig.post([validationEvent()], headers)).status).toBe(401);
  });

  test("the secret in the webhook's address, as Event Grid keeps it", async () => {
    const rig = new Rig();
    const { headers } = delivery([keyEvent()]);
    headers.delete("x-relay-secret");
    const url = `https://relay.example.com/events?code=${SECRET}`;
    const request = new Request(url, { method: "POST", headers, body: JSON.stringify([keyEvent()]) });
    expect((await rig.send(request)).status).toBe(200);
  });

  test("while the secret is rotated, deliveries with the old and the new one lose nothing", async () => {
    const files: Record<string, string> = { "/secret": SECRET, "/next": NEXT_SECRET };
    const { RELAY_SECRET: _, ...rest } = SECRET_ENV;
    const drill = new RelayDrill(
      { ...rest, RELAY_SECRET_FILE: "/secret", RELAY_SECRET_NEXT_FILE: "/next" },
      files,
    );
    // Both, then the new one alone: Event Grid is switched between the two.
    for (const secret of [SECRET, NEXT_SECRET, SECRET, NEXT_SECRET])
      expect(await drill.deliver(secret)).toBe(200);
    files["/secret"] = NEXT_SECRET;
    drill.clock.move(60_000);
    expect(await drill.deliver(NEXT_SECRET)).toBe(200);
    expect(await drill.deliver(SECRET)).toBe(401);
    expect(drill.started).toBe(5);
  });
});
