import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingsOf } from "../../../sandbox/providers/azure-native/login/settings";
import { azureNativeProvider } from "../../../sandbox/providers/azure-native/provider";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { PluginClient } from "../plugin-client";
import { azureTest } from "./support/azure-test";
import { GROUP, TENANT, tokenOf } from "./support/recorded-azure";

const base = { subscriptionId: "s", tenantId: "t", clientId: "c" };
const secret = { ...base, clientSecret: "x" };
const ID = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux`;
const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
const TOKEN = `POST login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`;

const test = azureTest();

describe("provider config that is refused", () => {
  it.each<[string, PlainMap, Record<string, string>, string]>([
    [
      "no subscription",
      { ...secret, subscriptionId: "" },
      {},
      "no subscriptionId; set ARM_SUBSCRIPTION_ID, or azure-native:subscriptionId",
    ],
    [
      "no tenant",
      { ...secret, tenantId: "" },
      {},
      "no tenantId; set ARM_TENANT_ID, or azure-native:tenantId",
    ],
    [
      "no client",
      { ...secret, clientId: "" },
      {},
      "no clientId; set ARM_CLIENT_ID, or azure-native:clientId",
    ],
    [
      "nothing to log in with",
      base,
      {},
      "no way to log in; set ARM_CLIENT_SECRET, or ARM_USE_OIDC=true with ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH (the stand-in logs in by client secret or by OIDC token alone)",
    ],
    [
      "a token that does not count",
      base,
      { ARM_OIDC_TOKEN: "e" },
      "no way to log in; an OIDC token is there, but it counts only with ARM_USE_OIDC=true (azure-native:useOidc) (the stand-in logs in by client secret or by OIDC token alone)",
    ],
    [
      "OIDC without a token",
      { ...base, useOidc: true },
      {},
      "useOidc is set, but there is no token; set ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH",
    ],
    [
      "a request address that is none",
      { ...base, useOidc: true, oidcRequestUrl: "ci", oidcRequestToken: "r" },
      {},
      "oidcRequestUrl is not a URL: ci",
    ],
    [
      "a cloud that is none",
      secret,
      { ARM_ENVIRONMENT: "mars" },
      'there is no cloud "mars"; it is public, usgovernment or china',
    ],
    [
      "a metadata host that is none",
      { ...secret, metadataHost: "https://" },
      {},
      "metadataHost is no host name: https://",
    ],
    [
      "CAs that are not there",
      secret,
      { SSL_CERT_FILE: "/nowhere/ca.pem" },
      "cannot read SSL_CERT_FILE /nowhere/ca.pem: ENOENT",
    ],
    [
      "a managed identity",
      { ...secret, useMsi: true },
      {},
      "useMsi is not supported: the stand-in logs in by client secret or by OIDC token alone",
    ],
  ])("%s", (_what, config, environment, reason) => {
    expect(() => settingsOf(config, environment)).toThrow(`azure-native provider: ${reason}`);
  });

  it("before anything is done, by name", async () => {
    const plugin = await PluginClient.inProcess(azureNativeProvider);
    const config = {
      ...secret,
      useMsi: "true",
      clientCertificatePath: "c.pfx",
      environment: "mars",
      clientID: "x",
    };
    expect(await plugin.checkConfig(config)).toEqual([
      'the azure-native stand-in provider has no property "clientID"; did you mean "clientId"?',
    ]);
    const { clientID: _typo, ...known } = config;
    expect(await plugin.checkConfig(known)).toEqual([
      "clientCertificatePath is not supported: the stand-in logs in by client secret or by OIDC token alone",
      "useMsi is not supported: the stand-in logs in by client secret or by OIDC token alone",
      'environment must be public, usgovernment or china, not "mars"',
    ]);
    expect(await plugin.checkConfig({ ...secret, useOidc: "false", oidcToken: "e" })).toEqual([]);
    expect([...plugin.secretOutputs].sort()).toEqual(["clientSecret", "oidcToken"]);
    await plugin.close();
  });
});

describe("provider config that is taken", () => {
  it("comes from the environment where the config leaves it open", () => {
    const environment = {
      ARM_SUBSCRIPTION_ID: "es",
      ARM_TENANT_ID: "et",
      ARM_CLIENT_ID: "ec",
      ARM_CLIENT_SECRET: "ex",
      AZURE_ENVIRONMENT: "usgovernment",
    };
    expect(settingsOf({ clientId: "mine" }, environment)).toMatchObject({
      subscriptionId: "es",
      tenantId: "et",
      clientId: "mine",
      proof: { kind: "secret", secret: "ex" },
      cloud: { resourceManager: "https://management.usgovcloudapi.net" },
    });
  });

  it("prefers the client secret, then the token, then the file, then the request, as the official provider does", () => {
    const request = { oidcRequestUrl: "https://ci.example.com/token?x=1", oidcRequestToken: "r" };
    const file = { ...request, oidcTokenFilePath: "/token" };
    const token = { ...file, oidcToken: "e" };
    const proofOf = (config: PlainMap) => settingsOf({ ...base, useOidc: true, ...config }, {}).proof;
    expect(proofOf({ ...token, clientSecret: "x" })).toEqual({ kind: "secret", secret: "x" });
    expect(proofOf(token)).toEqual({ kind: "token", token: "e" });
    expect(proofOf(file)).toEqual({ kind: "file", path: "/token" });
    const url = new URL("https://ci.example.com/token?x=1&audience=api%3A%2F%2FAzureADTokenExchange");
    expect(proofOf(request)).toEqual({ kind: "request", url, token: "r" });
  });
});

describe("a login", () => {
  const asked = (): (string | undefined)[] =>
    test.azure
      .taken()
      .filter(({ line }) => line === TOKEN)
      .map(({ body }) => (typeof body === "string" ? body : undefined));

  it("is made once for many requests, with the secret in the body alone", async () => {
    test.azure.answers(`GET ${ID}`, { status: 404 });
    await Promise.all(Array.from({ length: 5 }, () => test.plugin.read(IDENTITY, ID)));
    const [form, ...more] = asked();
    expect(Object.fromEntries(new URLSearchParams(form))).toEqual({
      grant_type: "client_credentials",
      client_id: "the-client",
      client_secret: "the-client-secret-of-the-test",
      scope: "https://management.azure.com/.default",
    });
    expect(more).toEqual([]);
  });

  it("is made anew when the token is about to end", async () => {
    test.azure.answers(TOKEN, { body: { access_token: tokenOf({}), expires_in: 60 } });
    test.azure.answers(`GET ${ID}`, { status: 404 });
    await test.plugin.read(IDENTITY, ID);
    await test.plugin.read(IDENTITY, ID);
    expect(asked()).toHaveLength(2);
  });

  it("shows a token from a file, as the file is at the time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "azure-token-"));
    const oidcTokenFilePath = join(folder, "token");
    test.azure.answers(TOKEN, { body: { access_token: tokenOf({}), expires_in: 60 } });
    test.azure.answers(`GET ${ID}`, { status: 404 });
    const plugin = await test.configured({ clientSecret: "", useOidc: "true", oidcTokenFilePath });
    await expect(plugin.read(IDENTITY, ID)).rejects.toThrow(
      `cannot read the OIDC token in ${oidcTokenFilePath}: ENOENT`,
    );
    for (const token of ["first", "second"]) {
      writeFileSync(oidcTokenFilePath, `${token}\n`);
      await plugin.read(IDENTITY, ID);
    }
    rmSync(folder, { recursive: true });
    const forms = asked().map((form) => new URLSearchParams(form));
    expect(forms.map((form) => form.get("client_assertion"))).toEqual(["first", "second"]);
    expect(forms[0]?.get("client_assertion_type")).toBe(
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    );
    expect(forms[0]?.has("client_secret")).toBe(false);
  });

  it("asks a CI service for its token", async () => {
    const config = {
      clientSecret: "",
      useOidc: "true",
      oidcRequestUrl: "https://ci.example.com/id",
      oidcRequestToken: "ci-bearer",
    };
    test.azure.answers(`GET ${ID}`, { status: 404 });
    test.azure.answers("GET ci.example.com/id", { body: { value: "the-id-token" } });
    await (await test.configured(config)).read(IDENTITY, ID);
    const seen = test.azure.taken();
    const [ask] = seen.filter(({ line }) => line.includes("ci.example.com"));
    expect([ask?.query, ask?.headers.authorization]).toEqual([
      { audience: "api://AzureADTokenExchange" },
      "Bearer ci-bearer",
    ]);
    expect(seen.find(({ line }) => line === TOKEN)?.body).toContain("client_assertion=the-id-token");
    test.azure.answers("GET ci.example.com/id", { status: 403 });
    await expect((await test.configured(config)).read(IDENTITY, ID)).rejects.toThrow(
      "ci.example.com refused to give an OIDC token (403); see oidcRequestUrl and oidcRequestToken",
    );
  });

  it.each([
    [
      "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the value.\r\nTrace ID: 1\r\nCorrelation ID: 2",
      "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the value; set ARM_CLIENT_SECRET to the secret's value, not to its id",
    ],
    [
      "AADSTS700213: No matching federated identity record found. Trace ID: 1",
      "AADSTS700213: No matching federated identity record found; no federated credential of the application has this token's subject",
    ],
    ["AADSTS50000: Anything else.", "AADSTS50000: Anything else."],
  ])("that Entra refuses is explained: %s", async (description, line) => {
    test.azure.answers(TOKEN, {
      status: 401,
      body: { error: "invalid_client", error_description: description },
    });
    const failure = test.plugin.read(IDENTITY, ID);
    await expect(failure).rejects.toThrow(
      `9 FAILED_PRECONDITION: Entra refused to log the-client in (401): ${line}`,
    );
    await expect(failure).rejects.not.toThrow(/Trace|the-client-secret/);
  });
});

describe("a cloud of one's own", () => {
  it("is what its metadata host says", async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      const { port } = server.address() as AddressInfo;
      const origin = `http://127.0.0.1:${port}`;
      const metadata = {
        name: "own",
        authentication: { loginEndpoint: `${origin}/login`, audiences: ["https://own.example.com/"] },
        resourceManager: `${origin}/`,
        suffixes: { keyVaultDns: ".vault.example.com", storage: "core.example.com" },
      };
      if (request.url?.startsWith("/metadata/")) response.end(`\uFEFF${JSON.stringify(metadata)}`);
      else if (request.url?.startsWith("/login/"))
        response.end(JSON.stringify({ access_token: tokenOf({}), expires_in: 3600 }));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const plugin = await test.configured({ metadataHost: `http://127.0.0.1:${port}` });
    expect(await plugin.read(IDENTITY, ID)).toBeUndefined();
    expect(seen).toEqual([
      "GET /metadata/endpoints?api-version=2022-09-01",
      `POST /login/${TENANT}/oauth2/v2.0/token`,
      `GET ${ID}?api-version=2023-01-31`,
    ]);
    server.closeAllConnections();
    server.close();
  });

  it.each([
    [
      { status: 500, headers: { "retry-after": "0" } },
      "ci.example.com refused to tell what its cloud is (500); see metadataHost",
    ],
    [
      { body: { resourceManager: "https://x" } },
      "the metadata of ci.example.com have no authentication.loginEndpoint",
    ],
  ])("is no cloud when its metadata host says %j", async (reply, reason) => {
    test.azure.answers("GET ci.example.com/metadata/endpoints", reply);
    await expect(test.configured({ metadataHost: "ci.example.com" })).rejects.toThrow(reason);
  });
});
