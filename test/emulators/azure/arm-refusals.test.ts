import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GROUP, judges, vaultParameters } from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";

const ARM = "https://management.azure.com";

let azure: TestAzure;

beforeAll(async () => {
  azure = await testAzure();
  await judges(azure).groups.createOrUpdate(GROUP, { location: "West Europe", tags: { env: "dev" } });
});
afterAll(() => azure.close());

const group = () => `/subscriptions/${azure.subscriptionId}/resourceGroups/${GROUP}`;
/** Tokens end when the clock is moved. */
const token = () => azure.token(`${ARM}/.default`);
const put = async (path: string, body: unknown, version = "2024-11-01") =>
  azure.ask("PUT", `${ARM}${group()}${path}?api-version=${version}`, { token: await token(), body });

describe("what ARM refuses", () => {
  it.each([
    { what: "a request without API version", query: "", code: "MissingApiVersionParameter" },
    {
      what: "a version that the type does not have",
      query: "?api-version=1999-01-01",
      code: "NoRegisteredProviderFound",
    },
  ])("$what", async ({ query, code }) => {
    const { body } = await azure.ask(
      "GET",
      `${ARM}${group()}/providers/Microsoft.KeyVault/vaults/arm-kv${query}`,
      { token: await token() },
    );
    expect(body).toMatchObject({ error: { code } });
  });

  it.each([
    { what: "an unknown property", change: { enableMagic: true }, path: "properties.enableMagic" },
    {
      what: "a property of somebody else",
      change: { sku: { family: "A", name: "standard", tier: "x" } },
      path: "properties.sku.tier",
    },
    { what: "a value of the wrong kind", change: { sku: { family: "A", name: "huge" } }, path: "sku.name" },
    {
      what: "a private address",
      change: { networkAcls: { ipRules: [{ value: "10.0.0.1" }] } },
      path: "ipRules.0.value",
    },
    {
      what: "another tenant",
      change: { tenantId: "00000000-0000-4000-8000-000000000000" },
      path: "tenantId",
    },
    {
      what: "a time that is too short",
      change: { softDeleteRetentionInDays: 3 },
      path: "softDeleteRetentionInDays",
    },
  ])("a vault with $what", async ({ change, path }) => {
    const { location, properties } = vaultParameters(azure);
    const answer = await put("/providers/Microsoft.KeyVault/vaults/bad-kv", {
      location,
      properties: { ...properties, ...change },
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(path);
  });

  it.each(["1kv", "a--b", "ab", "x".repeat(25), "kv-"])("the vault name %s", async (name) => {
    const answer = await put(`/providers/Microsoft.KeyVault/vaults/${name}`, vaultParameters(azure));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "VaultNameNotValid" } } });
  });

  it("what lies in a group or a vault that is not there", async () => {
    const vault = `/subscriptions/${azure.subscriptionId}/resourceGroups/none/providers/Microsoft.KeyVault/vaults/x-kv`;
    const lost = await azure.ask("PUT", `${ARM}${vault}?api-version=2024-11-01`, {
      token: await token(),
      body: vaultParameters(azure),
    });
    expect(lost.body).toMatchObject({ error: { code: "ResourceGroupNotFound" } });
    const key = await put("/providers/Microsoft.KeyVault/vaults/none/keys/k", { properties: { kty: "RSA" } });
    expect(key.body).toMatchObject({ error: { code: "ParentResourceNotFound" } });
  });

  it("tokens that are missing, for somebody else, or past their end", async () => {
    const path = `${ARM}${group()}?api-version=2021-04-01`;
    expect((await azure.ask("GET", path)).body).toMatchObject({ error: { code: "AuthenticationFailed" } });
    const foreign = await azure.token("https://vault.azure.net/.default");
    expect((await azure.ask("GET", path, { token: foreign })).body).toMatchObject({
      error: { code: "InvalidAuthenticationTokenAudience" },
    });
    const old = await azure.token("https://management.azure.com/.default");
    await azure.core.clock.advance(2 * 3_600_000);
    expect(await azure.ask("GET", path, { token: old })).toMatchObject({
      status: 401,
      body: { error: { code: "ExpiredAuthenticationToken" } },
    });
  });
});
