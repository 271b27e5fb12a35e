import { describe, expect, it } from "vitest";
import type { PlainMap, PlainValue } from "../../../sandbox/providers/engine/resource-type";
import { azureTest } from "./support/azure-test";
import { GROUP, SECRET } from "./support/recorded-azure";

const VAULT = "azure-native:keyvault:Vault";
const SECRET_TYPE = "azure-native:keyvault:Secret";
const ID = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-sops`;
const inputs: PlainMap = {
  resourceGroupName: "rg",
  vaultName: "kv-sops",
  location: "westeurope",
  properties: { tenantId: "t", sku: { family: "A", name: "standard" } },
};
const soon = { "retry-after": "0" };

const test = azureTest();
const create = (type = VAULT, given = inputs, secrets: readonly string[] = []) =>
  test.plugin.create(type, given, secrets);

describe("Azure's reason", () => {
  it.each<[string, number, PlainValue, string]>([
    [
      "of ARM",
      400,
      { error: { code: "BadRequest", message: "The property\nis wrong" } },
      "(400 BadRequest): The property is wrong",
    ],
    [
      "with details",
      400,
      {
        error: {
          code: "InvalidTemplate",
          message: "Bad",
          details: [{ message: "worse" }, { message: "Bad" }],
        },
      },
      "(400 InvalidTemplate): Bad; worse",
    ],
    [
      "of the App Service",
      409,
      { Code: "Conflict", Message: "Name is taken" },
      "(409 Conflict): Name is taken",
    ],
    ["that is none", 418, "<html>", "(418): no reason given"],
    [
      "about a deleted vault",
      409,
      {
        error: {
          code: "ConflictError",
          message:
            "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.",
        },
      },
      "; recover it (a vault by createMode: recover), purge it, or take another name: a deleted name stays taken for days",
    ],
    [
      "about rights",
      403,
      { error: { code: "AuthorizationFailed", message: "no" } },
      "(403 AuthorizationFailed): no; give the deployer a role for it: one that was just given takes minutes to count",
    ],
    [
      "about a provider",
      409,
      { error: { code: "MissingSubscriptionRegistration", message: "no" } },
      "no; register the resource provider in the subscription",
    ],
    [
      "about a token",
      401,
      { error: { code: "InvalidAuthenticationToken", message: "no" } },
      "no; Azure does not take the token: see ARM_TENANT_ID",
    ],
  ])("%s is given on one line", async (_what, status, body, line) => {
    test.azure.answers(`GET ${ID}`, { status: 404 }).answers(`PUT ${ID}`, { status, body });
    const failure = create();
    await expect(failure).rejects.toThrow(
      "9 FAILED_PRECONDITION: Azure refused to create key vault kv-sops (",
    );
    await expect(failure).rejects.toThrow(line);
    await expect(failure).rejects.not.toThrow(/\n/);
  });

  it("is cleared of the secrets that were sent", async () => {
    const at = `${ID}/secrets/token`;
    test.azure.answers(`GET ${at}`, { status: 404 });
    const message = "glptt-of-the-test is too long";
    test.azure.answers(`PUT ${at}`, { status: 400, body: { error: { code: "BadParameter", message } } });
    const secret = {
      resourceGroupName: "rg",
      vaultName: "kv-sops",
      secretName: "token",
      properties: { value: "glptt-of-the-test" },
    };
    const failure = create(SECRET_TYPE, secret, ["properties"]);
    await expect(failure).rejects.toThrow("(400 BadParameter): [secret] is too long");
    await expect(failure).rejects.not.toThrow("glptt-of-the-test");
  });
});

describe("an Azure that is busy", () => {
  it("is asked again, for writes as well, since each says the whole", async () => {
    const body = { id: ID, properties: {} };
    test.azure.answers(
      `GET ${ID}`,
      { status: 503, headers: soon },
      { status: 404 },
      { status: 429, headers: soon },
      { body },
    );
    const busy = { error: { code: "AnotherOperationInProgress", message: "wait" } };
    test.azure.answers(
      `PUT ${ID}`,
      { status: 429, headers: soon },
      { status: 500, headers: soon },
      { status: 409, headers: soon, body: busy },
      { status: 200, body },
    );
    expect((await create()).id).toBe(ID);
    expect(test.azure.taken().filter(({ line }) => line.startsWith("PUT"))).toHaveLength(4);
  });

  it("is not asked for ever", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 });
    const error = { code: "TooManyRequests", message: "slow down" };
    test.azure.answers(`PUT ${ID}`, { status: 429, headers: soon, body: { error } });
    await expect(create()).rejects.toThrow("(429 TooManyRequests): slow down");
    expect(test.azure.taken().filter(({ line }) => line.startsWith("PUT"))).toHaveLength(4);
  });

  it("is not asked again after a plain refusal", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 }).answers(`PUT ${ID}`, { status: 409, body: {} });
    await expect(create()).rejects.toThrow("(409): no reason given");
    expect(test.azure.taken().filter(({ line }) => line.startsWith("PUT"))).toHaveLength(1);
  });
});

describe("an Azure that does not answer", () => {
  it("may have done what was asked: nobody can tell", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 });
    await expect(create()).rejects.toThrow(
      /2 UNKNOWN: Azure at management\.azure\.com did not answer \(ECONNRESET\): whether it went on to create key vault kv-sops, nobody can tell/,
    );
    expect(test.azure.taken().filter(({ line }) => line.startsWith("PUT"))).toHaveLength(4);
  });

  it("is behind a proxy that does not let it through", async () => {
    const elsewhere = await test.configured({ environment: "china" });
    await expect(elsewhere.create(VAULT, inputs)).rejects.toThrow(
      "9 FAILED_PRECONDITION: cannot reach Azure at login.chinacloudapi.cn to log the-client in: the proxy answered 403 (EPROXY); HTTPS_PROXY names the proxy, NO_PROXY what goes past it",
    );
  });

  it("took it and forgot it at once", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 }).answers(`PUT ${ID}`, { status: 200, body: { id: ID } });
    await expect(create()).rejects.toThrow(`2 UNKNOWN: Azure took ${ID}, but does not have it when asked`);
  });

  it("took it, and cannot be read: the state knows what is there", async () => {
    const error = { code: "AuthorizationFailed", message: "no" };
    test.azure.answers(`GET ${ID}`, { status: 404 }, { status: 403, body: { error } });
    test.azure.answers(`PUT ${ID}`, { status: 200, body: { id: ID } });
    await expect(create()).rejects.toThrow(
      "2 UNKNOWN: written, but Azure refused to read key vault kv-sops (403",
    );
  });
});

it("the client secret and the token are in no message, and in no address", async () => {
  test.azure.answers(`GET ${ID}`, { status: 403, body: { error: { code: "Forbidden", message: "no" } } });
  await expect(create()).rejects.not.toThrow(new RegExp(`${SECRET}|eyJ`));
  const seen = test.azure.taken();
  expect(seen.some(({ query }) => JSON.stringify(query).includes(SECRET))).toBe(false);
  expect(seen.find(({ line }) => line.startsWith("POST"))?.body).toContain(SECRET);
});
