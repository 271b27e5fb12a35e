import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestGitLab, testGitLab } from "./support/test-gitlab";

const DEPLOY = 101;
const CI_FILE = `spec:
  inputs:
    what: { default: "" }
---
variables:
  WHERE: here
  LONG: ${"x".repeat(256)}
workflow:
  name: " $[[ inputs.what ]] "
rotate:
  when: manual
  script: ["true"]
`;
const DAY_MS = 86_400_000;

let server: TestGitLab;
let api: ReturnType<TestGitLab["client"]>;
let trigger: string;

beforeAll(async () => {
  server = await testGitLab();
  api = server.client(server.tokens.bot);
  await api.Commits.create(DEPLOY, "main", "Begin", [
    { action: "create", filePath: ".gitlab-ci.yml", content: CI_FILE },
  ]);
  trigger = (await api.PipelineTriggerTokens.create(DEPLOY, "relay")).token;
});
afterAll(() => server?.close());

async function start(what: string): Promise<{ id: number; name: string | null; message?: unknown }> {
  const body = { token: trigger, ref: "main", inputs: { what } };
  const answer = await server.ask("POST", `/api/v4/projects/${DEPLOY}/trigger/pipeline`, { body });
  return (await answer.json()) as never;
}

const dayFromNow = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

describe("workflow: name", () => {
  test("is made of inputs and variables, without blanks around it", async () => {
    expect((await start("azure_kv kv/sops 1 $WHERE in $CI_COMMIT_BRANCH")).name).toBe(
      "azure_kv kv/sops 1 here in main",
    );
  });

  test("of nothing but blanks is none", async () => {
    expect((await start("")).name).toBeNull();
  });

  test("may be 255 characters long, and not more when it is filled in", async () => {
    expect((await start("x".repeat(253))).name).toHaveLength(253);
    expect(await start("$LONG")).toEqual({
      message: { base: ["Failed to build pipeline metadata! Name is too long (maximum is 255 characters)"] },
    });
  });
});

describe("a list of pipelines by name", () => {
  test("has those that bear exactly that one", async () => {
    const { id } = await start("azure_kv kv/sops 2");
    await start("azure_kv kv/sops 22");
    const name = "azure_kv kv/sops 2";
    const found = await api.Pipelines.all(DEPLOY, { name, source: "trigger", ref: "main" });
    expect(found).toMatchObject([{ id, name }]);
    expect(await api.Pipelines.all(DEPLOY, { name: "azure_kv" })).toEqual([]);
  });

  test("is shown to a project access token that reads, which starts nothing and makes no tokens", async () => {
    const made = await api.ProjectAccessTokens.create(DEPLOY, "relay reads", ["read_api"], dayFromNow(30), {
      accessLevel: 20,
    });
    const reader = server.client(made.token);
    await start("azure_kv kv/sops 3");
    expect(await reader.Pipelines.all(DEPLOY, { name: "azure_kv kv/sops 3" })).toHaveLength(1);
    await expect(reader.Pipelines.create(DEPLOY, "main")).rejects.toThrow("insufficient_scope");
    await expect(reader.PipelineTriggerTokens.all(DEPLOY)).rejects.toThrow("403 Forbidden");
    await expect(reader.ProjectAccessTokens.all(DEPLOY)).rejects.toThrow("403 Forbidden");
    expect(await api.ProjectAccessTokens.all(DEPLOY)).toMatchObject([{ id: made.id, name: "relay reads" }]);
    expect(JSON.stringify(await api.ProjectAccessTokens.all(DEPLOY))).not.toContain(made.token);

    await api.ProjectAccessTokens.revoke(DEPLOY, made.id);
    await expect(reader.Pipelines.all(DEPLOY)).rejects.toThrow("Unauthorized");
  });

  test("is not shown to one that has expired, nor to one of another project", async () => {
    const old = await api.ProjectAccessTokens.create(DEPLOY, "old", ["read_api"], dayFromNow(-1));
    await expect(server.client(old.token).Pipelines.all(DEPLOY)).rejects.toThrow("Unauthorized");
    const other = await api.ProjectAccessTokens.create(102, "other", ["read_api"], dayFromNow(1));
    await expect(server.client(other.token).Pipelines.all(DEPLOY)).rejects.toThrow("Not Found");
  });
});
