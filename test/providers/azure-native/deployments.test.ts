import { describe, expect, it } from "vitest";
import { type PlainMap, UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { azureTest } from "./support/azure-test";
import { GROUP } from "./support/recorded-azure";

const DEPLOYMENT = "azure-native:resources:Deployment";
const TABLE = "azure-native:storage:Table";
const ID = `${GROUP}/providers/Microsoft.Resources/deployments/relay-code`;
const OPERATION = `${ID}/operationStatuses/08585`;
const AT = `https://management.azure.com${OPERATION}?api-version=2024-03-01`;
const soon = { "retry-after": "0" };
const template = {
  $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  contentVersion: "1.0.0.0",
  parameters: { app: { type: "string" }, until: { type: "string", defaultValue: "[utcNow()]" } },
  resources: [],
};
const inputs = {
  resourceGroupName: "rg",
  deploymentName: "relay-code",
  properties: { mode: "Incremental", template, parameters: { app: { value: "func-relay" } } },
};
const body = (until: string): PlainMap => ({
  id: ID,
  name: "relay-code",
  type: "Microsoft.Resources/deployments",
  properties: {
    templateHash: "1234",
    parameters: { app: { type: "String", value: "func-relay" }, until: { type: "String", value: until } },
    mode: "Incremental",
    provisioningState: "Succeeded",
    timestamp: "2025-01-01T00:00:00Z",
    duration: "PT1S",
    correlationId: "c",
    providers: [],
    dependencies: [],
    outputResources: [{ id: `${GROUP}/providers/Microsoft.Web/sites/func-relay/extensions/onedeploy` }],
  },
});

const test = azureTest();

describe("a deployment", () => {
  it("is carried out to its end, and is not changed by what Azure fills in", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 }, { body: body("1") }, { body: body("2") });
    test.azure.answers(`PUT ${ID}`, { status: 201, headers: { "azure-asyncoperation": AT, ...soon } });
    test.azure.answers(
      `GET ${OPERATION}`,
      { body: { status: "Running" }, headers: soon },
      { body: { status: "Succeeded" } },
    );
    const made = await test.plugin.create(DEPLOYMENT, inputs);
    expect(made.outputs.properties).toMatchObject({ provisioningState: "Succeeded", templateHash: "1234" });
    const put = test.azure.taken().find(({ line }) => line.startsWith("PUT"));
    expect(put?.body).toEqual({ properties: inputs.properties });
    const read = await test.plugin.read(DEPLOYMENT, { ...made, inputs });
    expect(read?.inputs).toEqual(inputs);
  });

  it("that fails says what failed inside, on one line, and stays for the next try", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 }, { body: body("1") });
    test.azure.answers(`PUT ${ID}`, { status: 201, headers: { "azure-asyncoperation": AT, ...soon } });
    const inner = {
      status: "Failed",
      error: { code: "BlobUploadFailed", message: "403\nForbidden", details: [{ message: "no right" }] },
    };
    const error = {
      code: "DeploymentFailed",
      message: "At least one resource deployment operation failed.",
      details: [{ code: "Conflict", message: JSON.stringify(inner, undefined, 2) }],
    };
    test.azure.answers(`GET ${OPERATION}`, { body: { status: "Failed", error } });
    await expect(test.plugin.create(DEPLOYMENT, inputs)).rejects.toThrow(
      "2 UNKNOWN: Azure began to create deployment relay-code, but failed: DeploymentFailed: At least one resource deployment operation failed.; BlobUploadFailed: 403 Forbidden; no right",
    );
  });

  it("is another one under another name alone", async () => {
    const old = { id: ID, inputs, outputs: {} };
    const changed = { ...inputs, properties: { ...inputs.properties, parameters: { app: { value: "b" } } } };
    expect((await test.plugin.diff(DEPLOYMENT, old, changed)).detailed).toEqual({
      "properties.parameters.app.value": "UPDATE",
    });
    const renamed = await test.plugin.diff(DEPLOYMENT, old, { ...inputs, deploymentName: "next" });
    expect(renamed.replaces).toEqual(["deploymentName"]);
  });

  it("is planned before its parameters are known", async () => {
    const parameters: PlainMap = { app: { value: UNKNOWN } };
    const given: PlainMap = { ...inputs, properties: { ...inputs.properties, parameters } };
    const planned = await test.plugin.previewCreate(DEPLOYMENT, await test.plugin.check(DEPLOYMENT, given));
    expect(planned.properties).toMatchObject({ mode: "Incremental", outputs: UNKNOWN });
  });

  it.each<[string, PlainMap, string]>([
    ["no template", { mode: "Incremental" }, "a deployment needs a template, or templateLink"],
    [
      "two templates",
      { mode: "Incremental", template, templateLink: { uri: "https://x" } },
      "a deployment has a template or a link to one, not both",
    ],
    [
      "parameters twice",
      { mode: "Incremental", template, parameters: {}, parametersLink: { uri: "https://x" } },
      "a deployment has parameters or a link to them, not both",
    ],
    ["another mode", { mode: "All", template }, "properties.mode must be one of Incremental, Complete"],
  ])("is refused with %s", async (_what, properties, reason) => {
    const { failures } = await test.plugin.checkOnly(DEPLOYMENT, { ...inputs, properties });
    expect(failures.join("\n")).toContain(reason);
  });

  it("has no place of its own", async () => {
    const given = { ...inputs, location: "westeurope" };
    expect((await test.plugin.checkOnly(DEPLOYMENT, given)).failures).toEqual([
      expect.stringContaining("location"),
    ]);
    expect(await test.plugin.check(DEPLOYMENT, inputs)).not.toHaveProperty("location");
  });
});

it("a table is put below its account", async () => {
  const id = `${GROUP}/providers/Microsoft.Storage/storageAccounts/strelay/tableServices/default/tables/claims`;
  const told = { id, name: "claims", type: "t", properties: { tableName: "claims" } };
  test.azure.answers(`GET ${id}`, { status: 404 }, { body: told }).answers(`PUT ${id}`, { body: told });
  const given = { resourceGroupName: "rg", accountName: "strelay", tableName: "claims" };
  const made = await test.plugin.create(TABLE, given);
  expect(made.outputs).toMatchObject({ name: "claims", tableName: "claims" });
  const { failures } = await test.plugin.checkOnly(TABLE, { ...given, tableName: "1-claims" });
  expect(failures[0]).toContain("3 to 63 letters and digits, with a letter first");
});
