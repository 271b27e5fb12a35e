import { describe, expect, it } from "vitest";
import { azureTest } from "./support/azure-test";
import { GROUP } from "./support/recorded-azure";

const APP = "azure-native:web:WebApp";
const SETTINGS = "azure-native:web:WebAppApplicationSettings";
const ID = `${GROUP}/providers/Microsoft.Web/sites/relay`;

const app = {
  resourceGroupName: "rg",
  name: "relay",
  location: "westeurope",
  kind: "functionapp,linux",
  httpsOnly: true,
  siteConfig: { minTlsVersion: "1.2", appSettings: [{ name: "GITLAB_PROJECT", value: "101" }] },
  functionAppConfig: {
    runtime: { name: "node", version: "20" },
    deployment: {
      storage: {
        type: "blobContainer",
        value: "https://st/code",
        authentication: { type: "SystemAssignedIdentity" },
      },
    },
    scaleAndConcurrency: { maximumInstanceCount: 40, instanceMemoryMB: 512 },
  },
};
const site = {
  id: ID,
  name: "relay",
  location: "westeurope",
  kind: "functionapp,linux",
  properties: {
    httpsOnly: true,
    defaultHostName: "relay.azurewebsites.net",
    siteConfig: { minTlsVersion: null },
  },
};
const config = {
  properties: { minTlsVersion: "1.2", appSettings: null, machineKey: { decryptionKey: "secret" } },
};

const test = azureTest();

describe("an app", () => {
  it("is sent with its settings, and read with its configuration, without them", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 }, { body: site }).answers(`PUT ${ID}`, { body: site });
    test.azure.answers(`GET ${ID}/config/web`, { body: config });
    const made = await test.plugin.create(APP, app);
    const put = test.azure.taken().find(({ line }) => line.startsWith("PUT"));
    expect(put?.body).toEqual({
      location: "westeurope",
      kind: "functionapp,linux",
      properties: { httpsOnly: true, siteConfig: app.siteConfig, functionAppConfig: app.functionAppConfig },
    });
    expect(made.outputs).toMatchObject({
      defaultHostName: "relay.azurewebsites.net",
      siteConfig: { minTlsVersion: "1.2" },
    });
    expect(JSON.stringify(made.outputs)).not.toMatch(/appSettings|decryptionKey/);
  });

  it("whose configuration somebody changed shows it, and keeps the settings that the program says", async () => {
    const outputs = { location: "westeurope", httpsOnly: true, siteConfig: { minTlsVersion: "1.2" } };
    const weaker = { properties: { ...config.properties, minTlsVersion: "1.0" } };
    test.azure.answers(`GET ${ID}`, { body: site }).answers(`GET ${ID}/config/web`, { body: weaker });
    const read = await test.plugin.read(APP, { id: ID, inputs: app, outputs });
    expect(read?.inputs).toMatchObject({ siteConfig: { ...app.siteConfig, minTlsVersion: "1.0" } });
  });

  it("is another one when it becomes another kind", async () => {
    const diff = await test.plugin.diff(APP, { id: ID, inputs: app, outputs: {} }, { ...app, kind: "app" });
    expect(diff.replaces).toEqual(["kind"]);
  });

  it("leaves its plan alone when it goes", async () => {
    test.azure.answers(`DELETE ${ID}`, { status: 200 });
    await test.plugin.delete(APP, { id: ID, inputs: app, outputs: {} });
    expect(test.azure.taken().at(-1)?.query).toMatchObject({ deleteEmptyServerFarm: "false" });
  });
});

describe("app settings", () => {
  const at = `${ID}/config/appsettings`;
  const inputs = { resourceGroupName: "rg", name: "relay", properties: { A: "1" } };
  const body = { id: at, name: "appsettings", properties: { A: "1" } };

  it("are there with the app, are listed by a POST, and are secret", async () => {
    test.azure
      .answers(`GET ${ID}`, { body: site })
      .answers(`PUT ${at}`, { body })
      .answers(`POST ${at}/list`, { body });
    const made = await test.plugin.create(SETTINGS, inputs);
    expect([made.id, made.outputs.properties]).toEqual([at, { A: "1" }]);
    expect([...test.plugin.secretOutputs]).toEqual(["properties"]);
    const put = test.azure.taken().find(({ line }) => line.startsWith("PUT"));
    expect(put?.body).toEqual({ properties: { A: "1" } });
  });

  it("that somebody added are seen", async () => {
    test.azure.answers(`GET ${ID}`, { body: site });
    test.azure.answers(`POST ${at}/list`, { body: { ...body, properties: { A: "1", B: "2" } } });
    const read = await test.plugin.read(SETTINGS, { id: at, inputs, outputs: { properties: { A: "1" } } });
    expect(read?.inputs.properties).toEqual({ A: "1", B: "2" });
    expect([...test.plugin.secretInputs]).toEqual(["properties"]);
  });

  it("go all at once, and are gone with the app", async () => {
    test.azure.answers(`GET ${ID}`, { body: site }, { status: 404 }).answers(`PUT ${at}`, { body });
    const old = { id: at, inputs, outputs: {} };
    await test.plugin.delete(SETTINGS, old);
    expect(test.azure.taken().at(-1)?.body).toEqual({ properties: {} });
    await test.plugin.delete(SETTINGS, old);
    expect(await test.plugin.read(SETTINGS, old)).toBeUndefined();
  });
});

it("network rules of an account go back to what they were when the program no longer says them", async () => {
  const type = "azure-native:storage:StorageAccount";
  const id = `${GROUP}/providers/Microsoft.Storage/storageAccounts/strelay`;
  const inputs = {
    resourceGroupName: "rg",
    accountName: "strelay",
    location: "westeurope",
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
  };
  const outputs = { networkRuleSet: { defaultAction: "Deny" } };
  test.azure.answers(`PUT ${id}`, { body: { id } }).answers(`GET ${id}`, { body: { id } });
  const old = { id, inputs: { ...inputs, networkRuleSet: { defaultAction: "Deny" } }, outputs };
  await test.plugin.update(type, old, inputs);
  expect(test.azure.taken().find(({ line }) => line.startsWith("PUT"))?.body).toMatchObject({
    properties: {
      networkAcls: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
    },
  });
});
