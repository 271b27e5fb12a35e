import { describe, expect, test } from "vitest";
import { cloudEvent, KEY, keyData, keyEvent, VAULT } from "../support/events";
import { Rig } from "../support/rig";
import { says } from "../support/world";

describe("8. Payload tolerance", () => {
  const version = "ee059b2bb5bc48398a53b168c6cdcb10";
  const expected = { backend: "azure_kv", key: `${VAULT}/${KEY}`, version };
  const odd: readonly [string, object][] = [
    [
      "a blank behind ObjectName and one before Version",
      { "ObjectName ": KEY, ObjectName: undefined, Version: ` ${version}` },
    ],
    [
      "names in lower camel case",
      {
        Id: undefined,
        VaultName: undefined,
        vaultName: VAULT,
        id: `https://${VAULT}.vault.azure.net/keys/${KEY}/${version}`,
      },
    ],
    ["NBF and EXP as text", { NBF: "1559081980", EXP: "1559082102" }],
    ["NBF and EXP as numbers", { NBF: 1_559_081_980, EXP: 1_559_082_102 }],
    ["NBF and EXP null", { NBF: null, EXP: null }],
    [
      "neither name nor version but in Id",
      { VaultName: undefined, ObjectName: undefined, Version: undefined, ObjectType: undefined },
    ],
    ["no Id", { Id: undefined }],
    ["names in capitals", { VaultName: VAULT.toUpperCase(), ObjectName: KEY.toUpperCase() }],
    ["a property that nobody knows", { Wrapped: { deep: [1, 2, 3] } }],
  ];

  test.each(odd)("%s", async (_, different) => {
    const rig = new Rig();
    const data = { ...keyData(version), ...different };
    expect((await rig.post([keyEvent(version, { data })])).status).toBe(200);
    expect(rig.world.calls.map(({ body }) => body.inputs)).toEqual([expected]);
  });

  test.each([
    ["an array of one", (event: object) => [event]],
    ["a single object", (event: object) => event],
  ])("%s, in either schema", async (_, shape) => {
    const rig = new Rig();
    expect((await rig.post(shape(keyEvent()))).status).toBe(200);
    expect(
      (await rig.post(shape(cloudEvent()), { "content-type": "application/cloudevents-batch+json" })).status,
    ).toBe(200);
    expect(rig.world.pipelines).toBe(2);
  });

  test("the body is 1 MiB at most, told or not", async () => {
    const rig = new Rig();
    const padded = (size: number) => {
      const event = JSON.stringify([keyEvent()]);
      return event + " ".repeat(size - event.length);
    };
    expect((await rig.post(padded(1024 * 1024))).status).toBe(200);
    expect((await rig.post(padded(1024 * 1024 + 1))).status).toBe(413);
  });

  test("a batch is all or none: one malformed event, and nothing is started", async () => {
    const rig = new Rig();
    const response = await rig.post([keyEvent(), keyEvent("v", { data: { VaultName: VAULT } }), keyEvent()]);
    expect(response.status).toBe(400);
    expect(rig.world.calls).toEqual([]);
  });

  test("a batch that fails half-way comes again as a whole, and starts only what is left", async () => {
    const rig = new Rig();
    const batch = [keyEvent(), keyEvent(), keyEvent()];
    rig.world.script.push(() => rig.world.started(), says(400, { message: "Too many pipelines" }));
    expect((await rig.post(batch)).status).toBe(503);
    expect(await (await rig.post(batch)).json()).toEqual({ triggered: 2, duplicate: 1, ignored: 0 });
    expect(rig.world.pipelines).toBe(3);
  });
});
