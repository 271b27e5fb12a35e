import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { AccessTokens } from "../../../../../cli/backends/azure/access-tokens";
import { azureSettings } from "../../../../../cli/backends/azure/azure-settings";
import { REAL_CLOCK } from "../../../../../cli/backends/http/retries";
import { CLIENT, LOGIN, SmallAzure, TENANT } from "./support/small-azure";

const CHALLENGE = { tenant: TENANT, scope: "https://vault.azure.net/.default" };
const OTHER_TENANT = "00000000-0000-0000-0000-000000000000";

let azure: SmallAzure;
let folder: string;
const opened: AccessTokens[] = [];

beforeAll(async () => {
  azure = await SmallAzure.start();
  folder = mkdtempSync(join(tmpdir(), "sopsloop-tokens-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await azure.stop();
});
beforeEach(() => {
  azure.heard.length = 0;
  azure.instead = () => undefined;
  vi.stubEnv("HTTPS_PROXY", azure.proxyAddress);
  // No tool of a person who runs the tests.
  vi.stubEnv("PATH", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const tokens of opened.splice(0)) tokens.close();
});

function tokens(env: Record<string, string | undefined>): AccessTokens {
  const { SSL_CERT_FILE } = azure.env;
  const made = new AccessTokens(
    azureSettings({ SSL_CERT_FILE, AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, ...env }),
    REAL_CLOCK,
  );
  opened.push(made);
  return made;
}

async function refusalOf(env: Record<string, string | undefined>, challenge = CHALLENGE) {
  return tokens(env)
    .for(challenge)
    .then(
      () => ({ message: "a token came", exitCode: 0 }),
      ({ message, exitCode }: { message: string; exitCode: number }) => ({ message, exitCode }),
    );
}

const bodies = () =>
  azure.heard.filter(({ path }) => path.includes("/token")).map(({ body }) => new URLSearchParams(body));

describe("a token is had", () => {
  test("by a client secret, before all else", async () => {
    const own = tokens({ AZURE_CLIENT_SECRET: "word", AZURE_ID_TOKEN: "aaaa.bbbb.cccc" });
    expect(await own.for(CHALLENGE)).toMatch(/^token-\d+$/);
    const [body] = bodies();
    expect(body?.get("client_secret")).toBe("word");
    expect(body?.get("scope")).toBe(CHALLENGE.scope);
  });

  test("by an ID token in a variable, or in a file that is read when it is needed", async () => {
    const file = join(folder, "id-token");
    const byFile = tokens({ AZURE_FEDERATED_TOKEN_FILE: file });
    writeFileSync(file, "from.a.file\n");
    await byFile.for(CHALLENGE);
    await tokens({ AZURE_ID_TOKEN: "from.a.variable", AZURE_FEDERATED_TOKEN_FILE: file }).for(CHALLENGE);
    expect(bodies().map((body) => body.get("client_assertion"))).toEqual(["from.a.file", "from.a.variable"]);
  });

  test("by the machine's own identity, which needs no proxy", async () => {
    const machine = createServer((request, response) => {
      const { "x-identity-header": word } = request.headers;
      const asked = new URL(request.url ?? "", "http://machine").searchParams;
      response.writeHead(200, { "content-type": "application/json" }).end(
        JSON.stringify({
          access_token: `${word} for ${asked.get("resource")} as ${asked.get("client_id")}`,
          expires_on: Math.floor(Date.now() / 1000) + 3600,
          token_type: "Bearer",
        }),
      );
    }).listen(0, "127.0.0.1");
    await once(machine, "listening");
    try {
      vi.stubEnv(
        "IDENTITY_ENDPOINT",
        `http://127.0.0.1:${(machine.address() as AddressInfo).port}/msi/token`,
      );
      vi.stubEnv("IDENTITY_HEADER", "machine");
      expect(await tokens({ AZURE_TOKEN_CREDENTIALS: "prod" }).for(CHALLENGE)).toBe(
        `machine for https://vault.azure.net as ${CLIENT}`,
      );
      expect(azure.heard).toEqual([]);
    } finally {
      machine.closeAllConnections();
      machine.close();
    }
  });

  test("by az, for the vault's tenant", async () => {
    const az = join(folder, "az");
    const answer = {
      accessToken: "of $*",
      expires_on: Math.floor(Date.now() / 1000) + 3600,
      expiresOn: "2099-01-01",
    };
    writeFileSync(az, `#!/bin/sh\ncat <<E\n${JSON.stringify(answer)}\nE\n`, { mode: 0o755 });
    vi.stubEnv("PATH", `${folder}:/bin:/usr/bin`);
    try {
      const token = await tokens({ AZURE_TOKEN_CREDENTIALS: "AzureCLICredential" }).for(CHALLENGE);
      expect(token).toMatch(/account get-access-token .*https:\/\/vault\.azure\.net/);
      expect(token).toContain(TENANT);
    } finally {
      rmSync(az);
    }
  });

  test("once, however many ask at the same time", async () => {
    const own = tokens({ AZURE_CLIENT_SECRET: "word" });
    const all = await Promise.all(Array.from({ length: 20 }, () => own.for(CHALLENGE)));
    expect(new Set(all).size).toBe(1);
    expect(bodies()).toHaveLength(1);
  });
});

describe("no token is had", () => {
  test("where there is no identity at all", async () => {
    const refused = await refusalOf({ AZURE_TENANT_ID: undefined, AZURE_TOKEN_CREDENTIALS: "dev" });
    expect(refused).toEqual({
      exitCode: 2,
      message:
        "no Azure identity: a CI job has AZURE_ID_TOKEN, AZURE_CLIENT_ID and AZURE_TENANT_ID, a person runs `az login`; none of AzureCLICredential, AzureDeveloperCLICredential, AzurePowerShellCredential has one",
    });
  });

  test.each([
    [
      { AZURE_CLIENT_ID: undefined },
      "AZURE_ID_TOKEN is set, but AZURE_CLIENT_ID is not; set it to the client id of the identity whose federated credential names this job",
    ],
    [
      { AZURE_TENANT_ID: undefined },
      "AZURE_ID_TOKEN is set, but AZURE_TENANT_ID is not; set it to the tenant of the identity whose federated credential names this job",
    ],
  ])("for a job that lacks %j", async (env, message) => {
    expect(await refusalOf({ AZURE_ID_TOKEN: "aaaa.bbbb.cccc", ...env })).toEqual({ exitCode: 2, message });
  });

  test("for a file that is not there, and no other way is tried", async () => {
    expect(await refusalOf({ AZURE_FEDERATED_TOKEN_FILE: join(folder, "none") })).toEqual({
      exitCode: 2,
      message: `AZURE_FEDERATED_TOKEN_FILE: ${join(folder, "none")} cannot be read (ENOENT); name the file that holds the ID token`,
    });
  });

  test.each([
    [
      "AADSTS700213: No matching federated identity record found",
      /no federated credential of the identity has this ID token's issuer and subject.* \(AADSTS700213\)$/,
    ],
    [
      "AADSTS700212: No matching federated identity record found for presented assertion audience",
      /audience.* \(AADSTS700212\)$/,
    ],
    [
      "AADSTS700024: Client assertion is not within its valid time range.",
      /outside of the time for which it holds.* \(AADSTS700024\)$/,
    ],
    [
      "AADSTS700016: Application with identifier was not found",
      /no such application; is AZURE_CLIENT_ID right\? \(AADSTS700016\)$/,
    ],
    ["AADSTS90002: Tenant not found", /no such tenant; is AZURE_TENANT_ID right\? \(AADSTS90002\)$/],
    [
      "AADSTS1: other aaaaaaaaaaa.bbbbbbbbbbbb.cccccccccccc Trace ID: 7",
      /gives WorkloadIdentityCredential no token: .*AADSTS1: other <token>$/,
    ],
  ])("where Entra ID says %s", async (told, line) => {
    azure.instead = ({ path }) =>
      path.includes("/oauth2/v2.0/token")
        ? { status: 400, body: { error: "invalid_client", error_description: told } }
        : undefined;
    const { message, exitCode } = await refusalOf({ AZURE_ID_TOKEN: "aaaa.bbbb.cccc" });
    expect(exitCode).toBe(1);
    expect(message).toMatch(line);
    expect(message).toMatch(/^Entra ID \(https:\/\/login\.microsoftonline\.com, tenant 1111/);
  });

  test("for a vault of another tenant", async () => {
    const { message } = await refusalOf(
      { AZURE_CLIENT_SECRET: "word" },
      { ...CHALLENGE, tenant: OTHER_TENANT },
    );
    expect(message).toBe(
      `Entra ID (https://login.microsoftonline.com, tenant ${OTHER_TENANT}) gives EnvironmentCredential no token: the vault belongs to another tenant; set AZURE_TENANT_ID to that one, or name it in AZURE_ADDITIONALLY_ALLOWED_TENANTS (not asked)`,
    );
    expect(azure.heard).toEqual([]);
  });

  test("where Entra ID's certificate is not trusted", async () => {
    const { message } = await refusalOf({ AZURE_CLIENT_SECRET: "word", SSL_CERT_FILE: undefined });
    expect(message).toMatch(
      /its certificate is not trusted; set SSL_CERT_FILE .*\(UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
    );
    expect(azure.heard.filter(({ host }) => host === LOGIN)).toEqual([]);
  });
});
