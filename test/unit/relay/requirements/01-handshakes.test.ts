import { describe, expect, test } from "vitest";
import { SUBSCRIPTION, validationEvent } from "../support/events";
import { Rig } from "../support/rig";

function handshake(origin: string | undefined, more: Record<string, string> = {}): Request {
  const headers = { ...(origin !== undefined && { "WebHook-Request-Origin": origin }), ...more };
  return new Request("https://relay.example.com/events", { method: "OPTIONS", headers });
}

describe("1. Handshakes", () => {
  test("Event Grid's validation is answered with 200 and the code", async () => {
    const response = await new Rig().post([validationEvent("the-code")], {
      "aeg-event-type": "SubscriptionValidation",
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ validationResponse: "the-code" });
  });

  test("CloudEvents' OPTIONS is answered with 200 and exactly the origin", async () => {
    const response = await new Rig().send(
      handshake("eventgrid.azure.net", { "WebHook-Request-Rate": "100" }),
    );
    expect(response.status).toBe(200);
    expect(response.headers.get("webhook-allowed-origin")).toBe("eventgrid.azure.net");
    expect(response.headers.get("webhook-allowed-rate")).toMatch(/^\d+$/);
    expect(response.headers.get("allow")).toBe("POST");
  });

  test.each([
    undefined,
    "*",
    "evil.example.com",
    "eventgrid.azure.net.evil.example.com",
    "https://eventgrid.azure.net",
  ])("origin %s gets no consent", async (origin) => {
    const response = await new Rig().send(handshake(origin));
    expect(response.status).toBe(403);
    expect(response.headers.get("webhook-allowed-origin")).toBeNull();
  });

  test("an unknown subscription gets no consent, a known one does in any case", async () => {
    const rig = new Rig();
    const ask = (name: string) =>
      rig.post([validationEvent("the-code")], {
        "aeg-event-type": "SubscriptionValidation",
        "aeg-subscription-name": name,
      });
    const stranger = await ask("SOMEBODY-ELSE");
    expect(stranger.status).toBe(403);
    expect(await stranger.text()).not.toContain("the-code");
    for (const name of [SUBSCRIPTION, SUBSCRIPTION.toUpperCase()]) expect((await ask(name)).status).toBe(200);
  });

  test("a handshake is never answered with 202", async () => {
    const rig = new Rig();
    const both = [
      await rig.post([validationEvent()], { "aeg-event-type": "SubscriptionValidation" }),
      await rig.send(handshake("EventGrid.Azure.net")),
    ];
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
  });
});
