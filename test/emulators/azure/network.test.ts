import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GROUP, judges, keyClient, LOCATION, vaultForAll } from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";

const VAULT = "network-kv";
const ARM = "https://management.azure.com";

let azure: TestAzure;
let vault: string;
let token: string;

beforeAll(async () => {
  azure = await testAzure();
  vault = await vaultForAll(azure, VAULT);
  await keyClient(azure, VAULT).createRsaKey("sops");
  token = await azure.token(`${ARM}/.default`);
});
afterAll(() => azure.close());

const put = (id: string, version: string, body: unknown) =>
  azure.ask("PUT", `${ARM}${id}?api-version=${version}`, { token, body });
const group = () => `/subscriptions/${azure.subscriptionId}/resourceGroups/${GROUP}`;

describe("private endpoints", () => {
  const id = () => `${group()}/providers/Microsoft.Network/privateEndpoints/kv`;
  const endpoint = () => ({
    location: LOCATION,
    properties: {
      subnet: { id: `${group()}/providers/Microsoft.Network/virtualNetworks/v/subnets/s` },
      privateLinkServiceConnections: [
        { name: "kv", properties: { privateLinkServiceId: vault, groupIds: ["vault"] } },
      ],
    },
  });

  it("open a vault that is closed to the public", async () => {
    const { vaults } = judges(azure).keyvault;
    await vaults.update(GROUP, VAULT, { properties: { publicNetworkAccess: "Disabled" } });
    await expect(keyClient(azure, VAULT).getKey("sops")).rejects.toThrow("Public network access is disabled");
    expect((await put(id(), "2024-05-01", endpoint())).status).toBe(201);
    expect((await keyClient(azure, VAULT).getKey("sops")).name).toBe("sops");
    const { properties, ...rest } = endpoint();
    const unknown = await put(id(), "2024-05-01", { ...rest, properties: { ...properties, subnets: [] } });
    expect(unknown).toMatchObject({ status: 400, body: { error: { code: "InvalidRequestContent" } } });
    await azure.ask("DELETE", `${ARM}${id()}?api-version=2024-05-01`, { token });
    await vaults.update(GROUP, VAULT, { properties: { publicNetworkAccess: "Enabled" } });
  });
});

describe("diagnostic settings", () => {
  const id = () => `${vault}/providers/Microsoft.Insights/diagnosticSettings/audit`;
  const logs = [{ categoryGroup: "audit", enabled: true }];

  it("are recorded, told and deleted with their vault", async () => {
    const workspaceId = `${group()}/providers/Microsoft.OperationalInsights/workspaces/w`;
    const made = await put(id(), "2021-05-01-preview", { properties: { workspaceId, logs } });
    expect(made).toMatchObject({ status: 201, body: { name: "audit", properties: { workspaceId, logs } } });
    const nowhere = await put(id(), "2021-05-01-preview", { properties: { logs } });
    expect(nowhere.text).toContain("At least one data sink");
    const wrong = await put(id(), "2021-05-01-preview", {
      properties: { workspaceId, logs: [{ on: true }] },
    });
    expect(wrong.status).toBe(400);
    await judges(azure).keyvault.vaults.delete(GROUP, VAULT);
    const gone = await azure.ask("GET", `${ARM}${id()}?api-version=2021-05-01-preview`, { token });
    expect(gone.status).toBe(404);
  });
});
