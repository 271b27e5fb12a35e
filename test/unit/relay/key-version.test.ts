import { EventGridDeserializer } from "@azure/eventgrid";
import { describe, expect, test } from "vitest";
import { batchOf } from "../../../relay/events/batch";
import { keyVersionOf } from "../../../relay/events/key-version";
import { cloudEvent, KEY, keyData, keyEvent, newVersion, VAULT } from "./support/events";

function read(event: object) {
  const [envelope] = batchOf(JSON.stringify(event));
  return envelope && keyVersionOf(envelope);
}

test("the other clouds' vaults have other domains", () => {
  const data = { Id: `https://${VAULT}.vault.azure.cn/keys/${KEY}/abc`, ObjectType: "Key" };
  expect(read(keyEvent("abc", { topic: "/x", data }))).toEqual({ vault: VAULT, key: KEY, version: "abc" });
});

test("an event without a version is one all the same", () => {
  const data = { VaultName: VAULT, ObjectName: KEY, ObjectType: "Key" };
  expect(read(keyEvent("abc", { data }))).toEqual({ vault: VAULT, key: KEY });
});

describe("Microsoft's own reader of events, @azure/eventgrid", () => {
  const reader = new EventGridDeserializer();

  test("reads the events of these tests as what they are meant to be", async () => {
    const version = newVersion();
    const [ours] = await reader.deserializeEventGridEvents(JSON.stringify([keyEvent(version)]));
    expect(ours).toMatchObject({ eventType: "Microsoft.KeyVault.KeyNewVersionCreated", subject: KEY });
    expect(ours?.data).toEqual(keyData(version));
    const [cloud] = await reader.deserializeCloudEvents(JSON.stringify(cloudEvent(version)));
    expect(cloud).toMatchObject({ type: "Microsoft.KeyVault.KeyNewVersionCreated", subject: KEY });
  });

  test("and what it makes of an event is read the same as the event", async () => {
    const event = keyEvent();
    const [theirs] = await reader.deserializeEventGridEvents(JSON.stringify([event]));
    expect(read({ ...theirs })).toEqual(read(event));
  });
});
