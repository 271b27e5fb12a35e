import { describe, expect, it } from "vitest";
import { azureTest } from "./support/azure-test";
import { GROUP } from "./support/recorded-azure";

const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
const ID = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux`;
const inputs = { resourceGroupName: "rg", resourceName: "flux", location: "westeurope" };
const body = {
  id: ID,
  name: "flux",
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  location: "westeurope",
  properties: { clientId: "c", principalId: "p", tenantId: "t" },
};

const test = azureTest();

describe("a resource", () => {
  it("is looked for, put, and read back", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 }, { body }).answers(`PUT ${ID}`, { status: 201, body });
    const made = await test.plugin.create(IDENTITY, inputs);
    expect(made.id).toBe(ID);
    expect(made.outputs).toEqual({
      name: "flux",
      type: body.type,
      location: "westeurope",
      clientId: "c",
      principalId: "p",
      tenantId: "t",
      azureApiVersion: "2023-01-31",
    });
    expect(
      test.azure.taken().map(({ line, query, body: sent }) => [line, query["api-version"], sent]),
    ).toEqual([
      [
        "POST login.microsoftonline.com/22222222-2222-4222-8222-222222222222/oauth2/v2.0/token",
        undefined,
        expect.any(String),
      ],
      [`GET ${ID}`, "2023-01-31", undefined],
      [`PUT ${ID}`, "2023-01-31", { location: "westeurope" }],
      [`GET ${ID}`, "2023-01-31", undefined],
    ]);
  });

  it("that is there already is somebody's: it is not taken over", async () => {
    test.azure.answers(`GET ${ID}`, { body });
    await expect(test.plugin.create(IDENTITY, inputs)).rejects.toThrow(
      `9 FAILED_PRECONDITION: the managed identity flux is there already: import it by the id ${ID}`,
    );
  });

  it("is changed by a PUT of the whole", async () => {
    const old = { id: ID, inputs, outputs: {} };
    test.azure.answers(`PUT ${ID}`, { body }).answers(`GET ${ID}`, { body: { ...body, tags: { a: "1" } } });
    const changed = await test.plugin.update(IDENTITY, old, { ...inputs, tags: { a: "1" } });
    expect(changed.outputs).toMatchObject({ tags: { a: "1" }, clientId: "c" });
    const put = test.azure.taken().find(({ line }) => line.startsWith("PUT"));
    expect(put?.body).toEqual({ location: "westeurope", tags: { a: "1" } });
  });

  it("is another one at another place or under another name, and the old one goes first", async () => {
    const old = { id: ID, inputs, outputs: {} };
    const moved = await test.plugin.diff(IDENTITY, old, { ...inputs, location: "northeurope" });
    expect([moved.replaces, moved.deleteBeforeReplace]).toEqual([["location"], true]);
    const renamed = await test.plugin.diff(IDENTITY, old, { ...inputs, resourceName: "other" });
    expect(renamed.detailed).toEqual({ resourceName: "UPDATE_REPLACE" });
    const same = await test.plugin.diff(IDENTITY, old, { ...inputs, location: "West Europe" });
    expect(same.changed).toBe(false);
  });

  it("is imported by its id, in either case", async () => {
    test.azure.answers(`GET ${ID.toLowerCase()}`, { body: { ...body, tags: { a: "1" } } });
    const read = await test.plugin.read(IDENTITY, ID.toLowerCase());
    expect(read?.inputs).toEqual({ ...inputs, tags: { a: "1" } });
    await expect(test.plugin.read(IDENTITY, "/subscriptions/x/flux")).rejects.toThrow(
      '"/subscriptions/x/flux" is no id of the form /subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}',
    );
  });

  it("is gone when Azure does not know it, and when it has just gone", async () => {
    const old = { id: ID, inputs, outputs: {} };
    test.azure.answers(`GET ${ID}`, { status: 404, body: { error: { code: "ResourceNotFound" } } });
    test.azure.answers(`DELETE ${ID}`, { status: 404 });
    expect(await test.plugin.read(IDENTITY, old)).toBeUndefined();
    await test.plugin.delete(IDENTITY, old);
    test.azure.answers(`DELETE ${ID}`, { status: 204 });
    await test.plugin.delete(IDENTITY, old);
  });
});

describe("what somebody else changed", () => {
  const outputs = { ...body.properties, location: "westeurope", tags: { a: "1", b: "2" } };
  const old = { id: ID, inputs: { ...inputs, tags: { a: "1", b: "2" } }, outputs };

  it("is read into the inputs, so that the next preview shows it", async () => {
    test.azure.answers(`GET ${ID}`, { body: { ...body, tags: { a: "9", c: "3" } } });
    const read = await test.plugin.read(IDENTITY, old);
    expect(read?.inputs).toEqual({ ...inputs, tags: { a: "9", c: "3" } });
    if (read === undefined) throw new Error("it is there");
    const diff = await test.plugin.diff(IDENTITY, read, old.inputs);
    expect(diff.detailed).toEqual({ "tags.a": "UPDATE", "tags.b": "ADD", "tags.c": "DELETE" });
  });

  it("is no more than what it is: Azure's own defaults are not read into them", async () => {
    test.azure.answers(`GET ${ID}`, {
      body: { ...body, tags: { a: "1", b: "2" }, isolationScope: "Regional" },
    });
    expect((await test.plugin.read(IDENTITY, old))?.inputs).toEqual(old.inputs);
  });
});

describe("a data source", () => {
  it("tells what is there", async () => {
    test.azure.answers(`GET ${ID}`, { body });
    const args = { resourceGroupName: "rg", resourceName: "flux" };
    const token = "azure-native:managedidentity:getUserAssignedIdentity";
    expect(await test.plugin.invoke(token, args)).toMatchObject({ id: ID, clientId: "c", principalId: "p" });
  });

  it.each([
    [{ resourceGroupName: "rg", resourceName: "none-" }, "there is no managed identity none-"],
    [{ resourceGroupName: "rg" }, "the managed identity needs resourceName"],
    [
      { resourceGroupName: "rg", resourceName: "flux", vaultName: "x" },
      'a look-up of the managed identity has no property "vaultName"',
    ],
  ])("refuses %j", async (args, reason) => {
    test.azure.answers(`GET ${ID.replace(/flux$/, "none-")}`, { status: 404 });
    const token = "azure-native:managedidentity:getUserAssignedIdentity";
    await expect(test.plugin.invoke(token, args)).rejects.toThrow(reason);
  });

  it("tells who the deployer is", async () => {
    expect(await test.plugin.invoke("azure-native:authorization:getClientConfig", {})).toEqual({
      clientId: "the-client",
      objectId: "the-object",
      subscriptionId: test.azure.config.subscriptionId,
      tenantId: test.azure.config.tenantId,
    });
  });

  it.each([
    [{}, "https://management.azure.com/.default"],
    [{ endpoint: "https://vault.azure.net" }, "https://vault.azure.net/.default"],
  ])("gives the deployer's own token out: %j", async (args, scope) => {
    const told = await test.plugin.invoke("azure-native:authorization:getClientToken", args);
    expect(String(told.token).split(".")).toHaveLength(3);
    const [asked] = test.azure.taken();
    expect(new URLSearchParams(String(asked?.body)).get("scope")).toBe(scope);
  });

  it("is asked for nothing that it does not know", async () => {
    const token = "azure-native:authorization:getClientToken";
    await expect(test.plugin.invoke(token, { resource: "x" })).rejects.toThrow("resource");
  });
});
