import { expect, test } from "vitest";
import { AzureKey, type AzureKeyArgs } from "../../../components/azure/azure-key";
import { AzureVault } from "../../../components/azure/azure-vault";
import { rotationPolicy } from "../../../components/azure/rotation-policy";
import { build, lineOf } from "../harness";
import { AZURE_COMPUTED } from "./computed";

const time = (text: string) => ({ text });
const rotation = {
  rotate: { after: time("P90D") },
  notifyBeforeExpiry: time("P30D"),
  expiry: time("P2Y"),
};

async function keyOf(changes: Partial<AzureKeyArgs> = {}, preview = false) {
  const make = () => {
    const vault = new AzureVault("azure-weu", {
      place: { resourceGroupName: "rg-sops", location: "westeurope", tags: {} },
      vaultName: "kv-sops",
      tenantId: "the-tenant",
      premium: false,
      allowedIps: ["203.0.113.7"],
      allowedSubnets: [],
      recover: false,
      protect: true,
    });
    return new AzureKey("azure-weu", {
      resourceGroupName: "rg-sops",
      vault,
      key: "sops",
      size: 3072,
      hsm: false,
      rotation,
      protect: true,
      ...changes,
    });
  };
  const { children, outputs } = await build(make, { computed: AZURE_COMPUTED, preview });
  const own = children.filter(({ parent }) => parent.endsWith("AzureKey::azure-weu"));
  const registered = [...outputs].find(([urn]) => urn.endsWith("AzureKey::azure-weu"))?.[1];
  return { lines: own.map(lineOf), imports: own.map(({ importId }) => importId), outputs: registered };
}

test("one key that encrypts and decrypts, guarded against deletion and against changes that Azure would not make", async () => {
  expect((await keyOf()).lines).toMatchInlineSnapshot(`
    [
      "azure-native:keyvault:Key azure-weu-key protected {"keyName":"sops","properties":{"keyOps":["encrypt","decrypt"],"keySize":3072,"kty":"RSA","rotationPolicy":{"attributes":{"expiryTime":"P2Y"},"lifetimeActions":[{"action":{"type":"rotate"},"trigger":{"timeAfterCreate":"P90D"}},{"action":{"type":"notify"},"trigger":{"timeBeforeExpiry":"P30D"}}]}},"resourceGroupName":"rg-sops","vaultName":"kv-sops"}",
    ]
  `);
});

test("in a hardware security module, of another size, unprotected", async () => {
  const { lines, outputs } = await keyOf({ hsm: true, size: 2048, protect: false });
  expect(lines[0]).toContain('"keySize":2048,"kty":"RSA-HSM"');
  expect(lines[0]).not.toContain("protected");
  expect(outputs?.record).toMatchObject({ type: "RSA-HSM", size: 2048 });
});

test("its URL has no version and no slash at its end, as sops has to have it", async () => {
  const { outputs } = await keyOf();
  expect(outputs).toEqual({
    keyId: "azure-weu-key-id",
    url: "https://kv-sops.vault.azure.net/keys/sops",
    record: {
      url: "https://kv-sops.vault.azure.net/keys/sops",
      vault: "kv-sops",
      name: "sops",
      type: "RSA",
      size: 3072,
      rotatesAfter: "P90D",
      rotatesBeforeExpiry: null,
      expiresAfter: "P2Y",
    },
  });
});

test("one that comes back with its vault is taken over by its id, and no other is", async () => {
  const id = "/subscriptions/s/resourceGroups/rg-sops/providers/Microsoft.KeyVault/vaults/kv-sops/keys/sops";
  expect((await keyOf({ recovered: id })).imports).toEqual([id]);
  expect((await keyOf()).imports).toEqual([""]);
});

test("a preview makes the same key", async () => {
  const [line = ""] = (await keyOf({}, true)).lines;
  expect(line.replace('"vaultName":"unknown"', '"vaultName":"kv-sops"')).toBe((await keyOf()).lines[0]);
});

test.each([
  [
    "after a time",
    rotation,
    {
      attributes: { expiryTime: "P2Y" },
      lifetimeActions: [
        { action: { type: "rotate" }, trigger: { timeAfterCreate: "P90D" } },
        { action: { type: "notify" }, trigger: { timeBeforeExpiry: "P30D" } },
      ],
    },
  ],
  [
    "before a version's end",
    { rotate: { beforeExpiry: time("P30D") }, expiry: time("P1Y") },
    {
      attributes: { expiryTime: "P1Y" },
      lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeBeforeExpiry: "P30D" } }],
    },
  ],
  ["by people alone", {}, { lifetimeActions: [] }],
])("the rotation policy %s", (_when, given, policy) => {
  expect(rotationPolicy(given)).toEqual(policy);
});
