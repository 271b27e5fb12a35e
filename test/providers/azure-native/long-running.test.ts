import { describe, expect, it } from "vitest";
import { ArmClient } from "../../../sandbox/providers/azure-native/arm/arm-client";
import { AzureHttp } from "../../../sandbox/providers/azure-native/http/azure-http";
import { waitMs } from "../../../sandbox/providers/azure-native/http/waiting";
import { cloudNamed } from "../../../sandbox/providers/azure-native/login/clouds";
import { EntraLogin } from "../../../sandbox/providers/azure-native/login/entra-login";
import { settingsOf } from "../../../sandbox/providers/azure-native/login/settings";
import { azureTest } from "./support/azure-test";
import { GROUP } from "./support/recorded-azure";

const ACCOUNT = "azure-native:storage:StorageAccount";
const ID = `${GROUP}/providers/Microsoft.Storage/storageAccounts/strelay`;
const OPERATION = `/subscriptions/s/providers/Microsoft.Storage/locations/westeurope/asyncoperations/1`;
const AT = `https://management.azure.com${OPERATION}?api-version=2024-01-01`;
const inputs = {
  resourceGroupName: "rg",
  accountName: "strelay",
  location: "westeurope",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
};
const body = {
  id: ID,
  name: "strelay",
  location: "westeurope",
  properties: { provisioningState: "Succeeded" },
};
const soon = { "retry-after": "0" };

const test = azureTest();

const lines = (): string[] =>
  test.azure
    .taken()
    .map(({ line }) => line)
    .filter((line) => !line.includes("login.microsoftonline.com"));

describe("an operation that goes on after Azure's answer", () => {
  it("is followed by Azure-AsyncOperation until it has succeeded", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 }, { body });
    test.azure.answers(`PUT ${ID}`, {
      status: 201,
      headers: { "azure-asyncoperation": AT, ...soon },
      body: {},
    });
    const running = { body: { status: "InProgress" }, headers: soon };
    test.azure.answers(`GET ${OPERATION}`, { status: 202, headers: soon }, running, {
      body: { status: "Succeeded" },
    });
    expect((await test.plugin.create(ACCOUNT, inputs)).id).toBe(ID);
    const asked = `GET ${OPERATION}`;
    expect(lines()).toEqual([`GET ${ID}`, `PUT ${ID}`, asked, asked, asked, `GET ${ID}`]);
  });

  it("is followed by Location until it is no more 202, relative as well", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 }, { body });
    test.azure.answers(`PUT ${ID}`, {
      status: 202,
      headers: { location: `${OPERATION}?api-version=2`, ...soon },
    });
    test.azure.answers(`GET ${OPERATION}`, { status: 202, headers: soon }, { status: 200 });
    await test.plugin.create(ACCOUNT, inputs);
    expect(lines()).toEqual([`GET ${ID}`, `PUT ${ID}`, `GET ${OPERATION}`, `GET ${OPERATION}`, `GET ${ID}`]);
  });

  it("is followed by the resource's own state where there is no such header", async () => {
    const creating = { ...body, properties: { provisioningState: "Creating" } };
    test.azure.answers(`GET ${ID}`, { status: 404 }, { body: creating, headers: soon }, { body });
    test.azure.answers(`PUT ${ID}`, { status: 201, body: creating, headers: soon });
    expect((await test.plugin.create(ACCOUNT, inputs)).outputs).toMatchObject({
      provisioningState: "Succeeded",
    });
    expect(lines()).toEqual([`GET ${ID}`, `PUT ${ID}`, ...Array.from({ length: 3 }, () => `GET ${ID}`)]);
  });

  it("is waited for when it deletes", async () => {
    test.azure.answers(`DELETE ${ID}`, { status: 202, headers: { location: AT, ...soon } });
    test.azure.answers(`GET ${OPERATION}`, { status: 202, headers: soon }, { status: 204 });
    await test.plugin.delete(ACCOUNT, { id: ID, inputs, outputs: {} });
    expect(lines()).toEqual([`DELETE ${ID}`, `GET ${OPERATION}`, `GET ${OPERATION}`]);
  });

  it("leaves a resource behind that the state knows, when it fails", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 }, { body });
    test.azure.answers(`PUT ${ID}`, { status: 201, headers: { "azure-asyncoperation": AT, ...soon } });
    const error = { code: "AccountIsBroken", message: "no room" };
    test.azure.answers(`GET ${OPERATION}`, { body: { status: "Failed", error } });
    await expect(test.plugin.create(ACCOUNT, inputs)).rejects.toThrow(
      "2 UNKNOWN: Azure began to create storage account strelay, but failed: AccountIsBroken: no room",
    );
    await expect(test.plugin.create(ACCOUNT, inputs)).rejects.toThrow("is there already");
  });

  it("leaves nothing behind when it fails and nothing is there", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 });
    test.azure.answers(`PUT ${ID}`, { status: 201, headers: { "azure-asyncoperation": AT, ...soon } });
    test.azure.answers(`GET ${OPERATION}`, { body: { status: "Canceled" } });
    await expect(test.plugin.create(ACCOUNT, inputs)).rejects.toThrow(
      "9 FAILED_PRECONDITION: Azure began to create storage account strelay, but failed: no reason given",
    );
  });

  it("shows its token to no other server", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 });
    const headers = { "azure-asyncoperation": "https://ci.example.com/operations/1" };
    test.azure.answers(`PUT ${ID}`, { status: 201, headers });
    await expect(test.plugin.create(ACCOUNT, inputs)).rejects.toThrow(
      "names https://ci.example.com to ask how far it is; the token does not go there",
    );
    expect(lines().some((line) => line.includes("ci.example.com"))).toBe(false);
  });

  it("is not waited for without end", async () => {
    test.azure.answers(`PUT ${ID}`, { status: 201, headers: { "azure-asyncoperation": AT, ...soon } });
    test.azure.answers(`GET ${OPERATION}`, { body: { status: "InProgress" }, headers: soon });
    await expect(client(200).put(ID, "2024-01-01", {}, "create it")).rejects.toThrow(
      "Azure has begun to create it, but is not done after 0 minutes",
    );
  });

  it("is left alone when the engine is interrupted", async () => {
    const http = new AzureHttp(settings().ca);
    test.azure.answers(`PUT ${ID}`, {
      status: 201,
      headers: { "azure-asyncoperation": AT, "retry-after": "50" },
    });
    const put = client(undefined, http).put(ID, "2024-01-01", {}, "create it");
    const refused = expect(put).rejects.toThrow("interrupted while Azure goes on to create it");
    while (!lines().includes(`PUT ${ID}`)) await new Promise((resolve) => setTimeout(resolve, 10));
    http.stop();
    await refused;
  });
});

it("waits as long as Azure asks for", () => {
  const headers = (name: string, value: string) => ({ [name]: value });
  expect(waitMs(0, headers("retry-after", "3"))).toBe(3000);
  expect(waitMs(0, headers("retry-after-ms", "20"))).toBe(20);
  expect(waitMs(0, headers("x-ms-retry-after-ms", "30"))).toBe(30);
  expect(waitMs(0, headers("retry-after", "Thu, 01 Jan 2015 00:00:00 GMT"))).toBe(0);
  expect([waitMs(0, {}), waitMs(2, {}), waitMs(30, {}), waitMs(1, headers("retry-after", "soon"))]).toEqual([
    500, 2000, 60_000, 1000,
  ]);
});

function settings() {
  return settingsOf(test.azure.config, process.env);
}

function client(longestMs: number | undefined, http = new AzureHttp(settings().ca)): ArmClient {
  const cloud = cloudNamed("public");
  if (cloud === undefined) throw new Error("there is a public cloud");
  return new ArmClient(http, new EntraLogin(http, settings(), cloud), cloud, longestMs);
}
