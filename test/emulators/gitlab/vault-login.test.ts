import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HttpsJson } from "../../../sandbox/servers/https-json";
import { VaultProcess } from "../../providers/vault/vault-process";
import { type TestGitLab, testGitLab } from "./support/test-gitlab";

const AUDIENCE = "https://vault.example.com";

/** A job for any pipeline, which leaves its ID token behind; the test then shows it to Vault as the job would. */
const CI_FILE = `
login:
  id_tokens:
    VAULT_ID_TOKEN: { aud: ${AUDIENCE} }
  script: [ 'printf %s "$VAULT_ID_TOKEN" > token' ]
  artifacts: { paths: [token] }
`;

let server: TestGitLab;
let vault: VaultProcess;

type Start = { readonly project?: number; readonly ref?: string; readonly source?: "trigger" | "api" };

/** The ID token of a job that has run. */
async function tokenOfJob({ project = 101, ref = "main", source = "trigger" }: Start): Promise<string> {
  const api = server.client(server.tokens.bot);
  const start = async () => {
    if (source === "api") return api.Pipelines.create(project, ref);
    const { token } = await api.PipelineTriggerTokens.create(project, "relay");
    const body = { token, ref };
    return (await server.ask("POST", `/api/v4/projects/${project}/trigger/pipeline`, { body })).json();
  };
  const { id } = (await start()) as { id: number };
  await server.gitlab.core.runner.idle();
  const [job] = await api.Jobs.all(project, { pipelineId: id });
  expect(job?.status).toBe("success");
  const path = `/api/v4/projects/${project}/jobs/${job?.id}/artifacts/token`;
  return (await server.ask("GET", path, { token: server.tokens.bot })).text();
}

function logIn(jwt: string): Promise<unknown> {
  return vault.api.write("auth/gitlab/login", { role: "sops-rewrap", jwt });
}

beforeAll(async () => {
  server = await testGitLab();
  vault = await VaultProcess.start();
  const { Branches, Commits } = server.client(server.tokens.bot);
  for (const project of [101, 102])
    await Commits.create(project, "main", "Begin", [
      { action: "create", filePath: ".gitlab-ci.yml", content: CI_FILE },
    ]);
  await Branches.create(101, "topic", "main");
  await vault.api.write("sys/auth/gitlab", { type: "jwt" });
  await vault.api.write("auth/gitlab/config", {
    oidc_discovery_url: server.address,
    oidc_discovery_ca_pem: readFileSync(server.ca, "utf8"),
    bound_issuer: server.address,
  });
  await vault.api.write("auth/gitlab/role/sops-rewrap", {
    role_type: "jwt",
    user_claim: "project_id",
    // As the program has them.
    claim_mappings: { pipeline_id: "pipeline_id", job_id: "job_id", user_login: "user_login", ref: "ref" },
    bound_audiences: [AUDIENCE],
    bound_claims: {
      project_id: "101",
      ref: "main",
      ref_type: "branch",
      ref_protected: "true",
      pipeline_source: ["trigger", "schedule"],
    },
    token_type: "batch",
    token_ttl: 300,
  });
});
afterAll(async () => {
  await vault.stop();
  await server.close();
});

describe("Vault's jwt auth, which fetches the emulator's keys", () => {
  it("lets in the job of the bound project, branch and source", async () => {
    const http = new HttpsJson({ address: vault.address, ca: readFileSync(vault.ca, "utf8") });
    const jwt = await tokenOfJob({});
    const body = { role: "sops-rewrap", jwt };
    const { body: answer } = await http.send("POST", "/v1/auth/gitlab/login", { body });
    http.close();
    expect(answer).toMatchObject({ auth: { token_type: "batch", metadata: { role: "sops-rewrap" } } });
    const claims = JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
    const { pipeline_id, job_id, user_login, ref } = claims as Record<string, string>;
    const metadata = { role: "sops-rewrap", pipeline_id, job_id, user_login, ref };
    expect(Object.values(metadata)).not.toContain(undefined);
    expect(answer).toMatchObject({ auth: { metadata } });
  });

  it.each([
    { what: "an unprotected branch", start: { ref: "topic" }, claim: "ref" },
    { what: "another project", start: { project: 102 }, claim: "project_id" },
    { what: "another pipeline source", start: { source: "api" }, claim: "pipeline_source" },
  ] as const)("refuses a job of $what", async ({ start, claim }) => {
    const refused = logIn(await tokenOfJob(start));
    await expect(refused).rejects.toThrow(
      /claim "(?:ref|ref_protected|project_id|pipeline_source)" does not match/,
    );
    await expect(refused).rejects.toThrow(claim);
  });

  it("refuses a token whose claims were changed after it was signed", async () => {
    const [head, , signature] = (await tokenOfJob({ ref: "topic" })).split(".");
    const [, claims] = (await tokenOfJob({})).split(".");
    await expect(logIn([head, claims, signature].join("."))).rejects.toThrow(/signature/);
  });
});
