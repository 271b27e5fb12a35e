import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ManagedIdentityCredential, WorkloadIdentityCredential } from "@azure/identity";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { principalWithSecret } from "./support/judges";
import { SUBJECT, type WorkloadStage, workloadStage } from "./support/workload-stage";

const SCOPE = "https://vault.azure.net/.default";
const LOGIN = "https://login.microsoftonline.com";

let stage: WorkloadStage;

beforeAll(async () => {
  stage = await workloadStage();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stage.close();
});

const keys = async () => {
  const { azure } = stage;
  const { body } = await azure.ask("GET", `${LOGIN}/${azure.tenantId}/discovery/v2.0/keys`);
  return createLocalJWKSet(body as never);
};

describe("Entra, as @azure/identity and jose see it", () => {
  it("gives a client with a secret a token that its published keys prove", async () => {
    const { token, expiresOnTimestamp } = await stage.azure.credential().getToken(SCOPE);
    expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_000_000);
    const { payload } = await jwtVerify(token, await keys(), {
      issuer: `https://sts.windows.net/${stage.azure.tenantId}/`,
      audience: "https://vault.azure.net",
    });
    expect(payload).toMatchObject({
      tid: stage.azure.tenantId,
      oid: stage.azure.deployer.objectId,
      appid: stage.azure.deployer.clientId,
      ver: "1.0",
    });
  });

  it("names where its keys and tokens are, and the tenant", async () => {
    const { body } = await stage.azure.ask(
      "GET",
      `${LOGIN}/${stage.azure.tenantId}/v2.0/.well-known/openid-configuration`,
    );
    expect(body).toMatchObject({
      issuer: `${LOGIN}/${stage.azure.tenantId}/v2.0`,
      token_endpoint: `${LOGIN}/${stage.azure.tenantId}/oauth2/v2.0/token`,
      jwks_uri: `${LOGIN}/${stage.azure.tenantId}/discovery/v2.0/keys`,
    });
    const discovery = await stage.azure.ask("GET", `${LOGIN}/common/discovery/instance?api-version=1.1`);
    expect(discovery.body.tenant_discovery_endpoint).toContain(stage.azure.tenantId);
  });

  it("gives a workload with a federated token one of its own", async () => {
    const tokenFilePath = join(stage.azure.folder, "federated");
    writeFileSync(tokenFilePath, await stage.issuer.token({ sub: SUBJECT }), { mode: 0o600 });
    const about = { tenantId: stage.azure.tenantId, clientId: stage.identity.clientId, tokenFilePath };
    const { token } = await new WorkloadIdentityCredential({ ...about, ...stage.azure.options }).getToken(
      SCOPE,
    );
    expect(decodeJwt(token)).toMatchObject({
      oid: stage.identity.principalId,
      appid: stage.identity.clientId,
      appidacr: "2",
      xms_mirid: stage.identity.id,
    });
  });

  it("puts app roles into tokens of the version that the application asks for", async () => {
    const { directory } = stage.azure.core;
    const who = principalWithSecret(stage.azure, "caller");
    for (const tokenVersion of [1, 2] as const) {
      const { application } = directory.addApplication({
        displayName: `relay v${tokenVersion}`,
        identifierUris: [`api://relay-${tokenVersion}`],
        roles: ["Deliver"],
        tokenVersion,
      });
      directory.principal(who.objectId)?.appRoles.push({ appId: application.appId, role: "Deliver" });
      const scope = `api://relay-${tokenVersion}/.default`;
      const claims = decodeJwt(await stage.azure.token(scope, who.clientId, who.secret));
      expect(claims).toMatchObject(
        tokenVersion === 2
          ? {
              aud: application.appId,
              azp: who.clientId,
              iss: `${LOGIN}/${stage.azure.tenantId}/v2.0`,
              roles: ["Deliver"],
            }
          : {
              aud: "api://relay-1",
              appid: who.clientId,
              iss: `https://sts.windows.net/${stage.azure.tenantId}/`,
            },
      );
    }
  });

  it("still proves old tokens after its signing key was rolled", async () => {
    const old = await stage.azure.token(SCOPE);
    await stage.azure.admin("POST", "/signing-keys");
    const fresh = await stage.azure.token(SCOPE);
    for (const token of [old, fresh]) await jwtVerify(token, await keys());
    const id = (token: string) =>
      JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).kid;
    expect(id(fresh)).not.toBe(id(old));
  });
});

describe("managed identities, as @azure/identity asks for their tokens", () => {
  it("on App Service, with the site's own header", async () => {
    const { id } = stage.azure.core.resources.write(
      {
        text: `${stage.identity.id.split("/providers")[0]}/providers/Microsoft.Web/sites/relay`,
        type: "",
        name: "relay",
        scope: "",
      },
      "Microsoft.Web/sites",
      {
        body: { identity: { type: "UserAssigned", userAssignedIdentities: { [stage.identity.id]: {} } } },
        hidden: { identityHeader: "HEADER" },
      },
      "test",
    );
    vi.stubEnv("IDENTITY_ENDPOINT", `${stage.azure.address}/msi/token`);
    vi.stubEnv("IDENTITY_HEADER", "HEADER");
    const credential = new ManagedIdentityCredential({ clientId: stage.identity.clientId });
    expect(decodeJwt((await credential.getToken(SCOPE)).token)).toMatchObject({
      oid: stage.identity.principalId,
    });
    const stranger = new ManagedIdentityCredential({ clientId: "33333333-3333-4333-8333-333333333333" });
    await expect(stranger.getToken(SCOPE)).rejects.toThrow();
    vi.unstubAllEnvs();
    stage.azure.core.resources.remove(id);
  });

  it("on a machine, from the metadata endpoint", async () => {
    await stage.azure.admin("PUT", "/machine/identities", [stage.identity.id]);
    const url = `${stage.azure.address}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net`;
    expect((await fetch(url)).status).toBe(400);
    const answer = (await (await fetch(url, { headers: { metadata: "true" } })).json()) as {
      access_token: string;
    };
    expect(decodeJwt(answer.access_token)).toMatchObject({
      oid: stage.identity.principalId,
      aud: "https://vault.azure.net",
    });
  });
});
