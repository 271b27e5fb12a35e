import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SUBJECT, type WorkloadStage, workloadStage } from "./support/workload-stage";

const SCOPE = "https://vault.azure.net/.default";
const LOGIN = "https://login.microsoftonline.com";

let stage: WorkloadStage;

beforeAll(async () => {
  stage = await workloadStage();
});
afterAll(() => stage.close());

const tokenUrl = () => `${LOGIN}/${stage.azure.tenantId}/oauth2/v2.0/token`;
const form = (fields: Readonly<Record<string, string>>, url = tokenUrl()) =>
  stage.azure.ask("POST", url, {
    body: new URLSearchParams(fields).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
const own = () => ({
  grant_type: "client_credentials",
  client_id: stage.azure.deployer.clientId,
  client_secret: stage.azure.deployer.secret,
  scope: SCOPE,
});

describe("what Entra refuses, in its own words", () => {
  it.each([
    {
      what: "a wrong secret",
      change: { client_secret: "wrong" },
      status: 401,
      error: "invalid_client",
      code: 7000215,
    },
    { what: "no secret", change: { client_secret: "" }, status: 401, error: "invalid_client", code: 7000216 },
    {
      what: "an application of nobody",
      change: { client_id: "44444444-4444-4444-8444-444444444444" },
      status: 400,
      error: "unauthorized_client",
      code: 700016,
    },
    {
      what: "a scope without /.default",
      change: { scope: "https://vault.azure.net" },
      status: 400,
      error: "invalid_scope",
      code: 1002012,
    },
    {
      what: "a resource of nobody",
      change: { scope: "https://example.com/.default" },
      status: 400,
      error: "invalid_resource",
      code: 500011,
    },
    {
      what: "another grant",
      change: { grant_type: "password" },
      status: 400,
      error: "unsupported_grant_type",
      code: 70003,
    },
    { what: "no grant", change: { grant_type: "" }, status: 400, error: "invalid_request", code: 900144 },
  ])("$what", async ({ change, status, error, code }) => {
    const answer = await form({ ...own(), ...change });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      error,
      error_codes: [code],
      error_description: expect.stringMatching(
        new RegExp(`^AADSTS${code}: .* Trace ID: \\S+ Correlation ID: \\S+ Timestamp: `),
      ),
      error_uri: `${LOGIN}/error?code=${code}`,
    });
  });

  it("another tenant", async () => {
    const url = `${LOGIN}/55555555-5555-4555-8555-555555555555/oauth2/v2.0/token`;
    expect((await form(own(), url)).body).toMatchObject({ error_codes: [90002] });
  });

  const assertion = (text: string) => ({
    grant_type: "client_credentials",
    client_id: stage.identity.clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: text,
    scope: SCOPE,
  });

  it.each([
    { what: "of another issuer", wishes: { sub: SUBJECT, iss: "https://127.0.0.1:1" }, code: 700211 },
    {
      what: "of another subject",
      wishes: { sub: "project_path:other/repo:ref_type:branch:ref:main" },
      code: 700213,
    },
    { what: "of a subject in other letters", wishes: { sub: SUBJECT.toUpperCase() }, code: 7002138 },
    {
      what: "for another audience",
      wishes: { sub: SUBJECT, aud: "https://gitlab.example.com" },
      code: 700212,
    },
    { what: "that has ended", wishes: { sub: SUBJECT, lifetime: -1 }, code: 700024 },
    { what: "that somebody else signed", wishes: { sub: SUBJECT, forged: true }, code: 700027 },
  ])("an assertion $what", async ({ wishes, code }) => {
    const answer = await form(assertion(await stage.issuer.token(wishes)));
    expect(answer).toMatchObject({ status: 401, body: { error: "invalid_client", error_codes: [code] } });
  });

  it("an assertion that is none, and an issuer that does not answer", async () => {
    expect((await form(assertion("nonsense"))).body).toMatchObject({ error_codes: [50027] });
    const silent = "https://127.0.0.1:9";
    await stage.trust("silent", { issuer: silent, subject: "somebody" });
    const text = await stage.issuer.token({ sub: "somebody", iss: silent });
    expect((await form(assertion(text))).body).toMatchObject({ error_codes: [50166] });
  });
});
