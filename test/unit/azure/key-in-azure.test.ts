import { describe, expect, test } from "vitest";
import { type KeyInAzure, requireWantedKey, type WantedKey } from "../../../components/azure/key-in-azure";
import { rotationPolicy } from "../../../components/azure/rotation-policy";

const time = (text: string) => ({ text });
const wanted: WantedKey = {
  vault: "kv-sops",
  key: "sops",
  type: "RSA",
  size: 3072,
  rotation: { rotate: { after: time("P90D") }, notifyBeforeExpiry: time("P30D"), expiry: time("P2Y") },
};
const inAzure: KeyInAzure = { kty: "RSA", keySize: 3072, rotationPolicy: rotationPolicy(wanted.rotation) };
const look =
  (found: KeyInAzure, changes: Partial<WantedKey> = {}) =>
  () =>
    requireWantedKey({ ...wanted, ...changes }, found);

describe("a key as it is to be", () => {
  test.each([
    ["in every point", inAzure],
    ["as far as Azure says", {}],
    [
      "with Azure's own default of whom to tell, and its own spelling",
      {
        ...inAzure,
        rotationPolicy: {
          attributes: { expiryTime: "P2Y" },
          lifetimeActions: [
            { action: { type: "Notify" }, trigger: { timeBeforeExpiry: "P10D" } },
            { action: { type: "Rotate" }, trigger: { timeAfterCreate: "P90D" } },
          ],
        },
      },
    ],
  ])("%s", (_how, found) => {
    expect(look(found)).not.toThrow();
  });

  test("by people's hands alone, for ever", () => {
    expect(look({ rotationPolicy: { lifetimeActions: [] } }, { rotation: {} })).not.toThrow();
  });
});

describe("a key that is another in Azure", () => {
  test.each([
    [{ kty: "RSA-HSM" }, "type RSA-HSM, not RSA"],
    [{ keySize: 2048 }, "size 2048, not 3072"],
    [{ kty: "RSA-HSM", keySize: 2048 }, "type RSA-HSM, not RSA, size 2048, not 3072"],
  ])("%j: nothing makes it this one", (found, named) => {
    expect(look({ ...inAzure, ...found })).toThrow(
      `key sops of kv-sops is another in Azure (${named}), and stays as it was made; set sopsloop:azure.key to what it is, or give it a new name, have every file rewrapped, and retire the old one`,
    );
  });

  test("in when it rotates: the command that changes it", () => {
    const rotation = { ...wanted.rotation, rotate: { after: time("P60D") } };
    expect(look(inAzure, { rotation })).toThrow(
      `the rotation policy of key sops of kv-sops is another in Azure (rotates after P90D, ends after P2Y) than in sopsloop:azure.key.rotation (rotates after P60D, ends after P2Y), and ARM does not change it; set the config to it, or run: az keyvault key rotation-policy update --vault-name kv-sops --name sops --value '{"lifetimeActions":[{"trigger":{"timeAfterCreate":"P60D"},"action":{"type":"Rotate"}},{"trigger":{"timeBeforeExpiry":"P30D"},"action":{"type":"Notify"}}],"attributes":{"expiryTime":"P2Y"}}', and then: pulumi up --refresh`,
    );
  });

  test.each([
    [{}, "never rotates, never ends"],
    [{ expiry: time("P1Y") }, "never rotates, ends after P1Y"],
    [
      { rotate: { beforeExpiry: time("P30D") }, expiry: time("P1Y") },
      "rotates P30D before its end, ends after P1Y",
    ],
  ])("wanted as %j", (rotation, named) => {
    expect(look(inAzure, { rotation })).toThrow(`than in sopsloop:azure.key.rotation (${named})`);
  });
});
