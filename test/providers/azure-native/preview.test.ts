import { describe, expect, it } from "vitest";
import { type PlainMap, UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { azureTest } from "./support/azure-test";

const VAULT = "azure-native:keyvault:Vault";
const KEY = "azure-native:keyvault:Key";
const ASSIGNMENT = "azure-native:authorization:RoleAssignment";
const vault: PlainMap = {
  resourceGroupName: "rg",
  vaultName: "kv-sops",
  location: "westeurope",
  properties: {
    tenantId: "t",
    sku: { family: "A", name: "standard" },
    networkAcls: { ipRules: [{ value: UNKNOWN }] },
  },
};

const test = azureTest();

describe("a preview", () => {
  it("knows what the program says, and says of all else that it is unknown, inside as well", async () => {
    const outputs = await test.plugin.previewCreate(VAULT, vault);
    expect(outputs).toMatchObject({ location: "westeurope", name: UNKNOWN, azureApiVersion: "2024-11-01" });
    expect(outputs.properties).toMatchObject({
      tenantId: "t",
      sku: { family: "A", name: "standard" },
      vaultUri: UNKNOWN,
      networkAcls: { ipRules: [{ value: UNKNOWN }], bypass: UNKNOWN },
    });
    expect(outputs.properties).not.toHaveProperty("createMode");
    expect(test.azure.taken()).toEqual([]);
  });

  it("finds a key's inputs among its outputs", async () => {
    const inputs: PlainMap = {
      resourceGroupName: "rg",
      vaultName: UNKNOWN,
      keyName: "sops",
      properties: { kty: "RSA", keySize: UNKNOWN },
    };
    expect((await test.plugin.checkOnly(KEY, inputs)).failures).toEqual([]);
    const outputs = await test.plugin.previewCreate(KEY, inputs);
    expect(outputs).toMatchObject({ kty: "RSA", keySize: UNKNOWN, keyUri: UNKNOWN });
    expect(outputs).not.toHaveProperty("properties");
  });

  it("of a change keeps what Azure told", async () => {
    const outputs = {
      name: "kv-sops",
      properties: { tenantId: "t", vaultUri: "https://kv-sops.vault.azure.net/" },
    };
    const old = { id: "x", inputs: vault, outputs };
    const changed = await test.plugin.update(VAULT, old, { ...vault, tags: { a: "1" } }, true);
    expect(changed.outputs).toMatchObject({
      name: "kv-sops",
      tags: { a: "1" },
      properties: { vaultUri: "https://kv-sops.vault.azure.net/" },
    });
  });

  it("of a change to something unknown is a change, and a replacement where it has to be", async () => {
    const inputs = { scope: "/s", roleAssignmentName: "n", principalId: "p", roleDefinitionId: "r" };
    const diff = await test.plugin.diff(
      ASSIGNMENT,
      { id: "x", inputs, outputs: {} },
      { ...inputs, principalId: UNKNOWN },
    );
    expect(diff.detailed).toEqual({ principalId: "UPDATE_REPLACE" });
  });

  it("takes unknown choices, lists and maps as they are", async () => {
    const inputs: PlainMap = {
      resourceGroupName: "rg",
      systemTopicName: "topic",
      eventSubscriptionName: "relay",
      destination: { endpointType: UNKNOWN, endpointUrl: UNKNOWN },
      filter: UNKNOWN,
      labels: UNKNOWN,
    };
    const type = "azure-native:eventgrid:SystemTopicEventSubscription";
    expect((await test.plugin.checkOnly(type, inputs)).failures).toEqual([]);
    expect(await test.plugin.previewCreate(type, inputs)).toMatchObject({ filter: UNKNOWN, labels: UNKNOWN });
  });
});
