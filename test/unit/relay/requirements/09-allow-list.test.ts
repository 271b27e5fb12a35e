import { describe, expect, test } from "vitest";
import { cloudEvent, keyData, keyEvent } from "../support/events";
import { Rig } from "../support/rig";

describe("9. Exactly the keys on the list", () => {
  const other: readonly [string, object][] = [
    ["another key that begins alike", keyEvent("v1", { data: keyData("v1", { key: "sops-2" }) })],
    [
      "a key of the same name in another vault",
      keyEvent("v1", { topic: "/x", data: keyData("v1", { vault: "kv-other" }) }),
    ],
    ["a secret", keyEvent("v1", { eventType: "Microsoft.KeyVault.SecretNewVersionCreated" })],
    ["a key that is about to expire", keyEvent("v1", { eventType: "Microsoft.KeyVault.KeyNearExpiry" })],
    ["an object of another type", keyEvent("v1", { data: { ...keyData("v1"), ObjectType: "Secret" } })],
    [
      "the end of the subscription",
      keyEvent("v1", { eventType: "Microsoft.EventGrid.SubscriptionDeletedEvent" }),
    ],
    [
      "something of another service",
      cloudEvent("v1", { type: "Microsoft.Storage.BlobCreated", data: { url: "x" } }),
    ],
  ];

  test.each(other)("%s: 200, counted, no pipeline", async (_, event) => {
    const rig = new Rig();
    const response = await rig.post([event]);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ triggered: 0, duplicate: 0, ignored: 1 });
    expect(rig.world.calls).toEqual([]);
  });
});
