import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gitlabProvider } from "../../../sandbox/providers/gitlab/provider";
import { PluginClient } from "../plugin-client";
import { RecordedGitLab } from "./recorded-gitlab";

const PROJECT = "gitlab:index/project:Project";
const KEY = "gitlab:index/deployKey:DeployKey";

const GONE = { status: 404, body: { message: "404 Project Not Found" } };
const LIVE = {
  id: 101,
  name: "deploy",
  path: "deploy",
  path_with_namespace: "platform/deploy",
  name_with_namespace: "Platform / deploy",
  namespace: { id: 7 },
  visibility: "private",
  default_branch: "main",
  ci_pipeline_variables_minimum_override_role: "no_one_allowed",
  ci_push_repository_for_job_token_allowed: true,
  ci_id_token_sub_claim_components: ["project_path", "ref_type", "ref"],
  runners_token: "glrt-of-the-project",
  topics: ["b", "a"],
  archived: false,
};

let gitlab: RecordedGitLab;
let plugin: PluginClient;
beforeAll(async () => {
  gitlab = await RecordedGitLab.start();
});
afterAll(() => gitlab.stop());
beforeEach(async () => {
  gitlab.forget();
  plugin = await PluginClient.inProcess(gitlabProvider);
  await plugin.configure(gitlab.config);
  return () => plugin.close();
});

describe("a project", () => {
  const inputs = {
    name: "deploy",
    namespaceId: 7,
    visibilityLevel: "private",
    initializeWithReadme: true,
    ciPushRepositoryForJobTokenAllowed: true,
    topics: ["a", "b"],
  };

  it("is made, then given the settings that GitLab takes only afterwards", async () => {
    gitlab.answers("POST projects", { status: 201, body: { id: 101 } });
    gitlab.answers("PUT projects/101", { body: LIVE });
    gitlab.answers("GET projects/101", { body: LIVE });
    const made = await plugin.create(PROJECT, inputs);
    expect(made.id).toBe("101");
    expect(made.outputs).toMatchObject({
      ...inputs,
      topics: ["b", "a"],
      pathWithNamespace: "platform/deploy",
      ciIdTokenSubClaimComponents: ["project_path", "ref_type", "ref"],
    });
    expect([...plugin.secretOutputs]).toEqual(["runnersToken"]);
    expect(gitlab.taken().map(({ line, body }) => [line, body])).toEqual([
      [
        "POST projects",
        { name: "deploy", namespace_id: 7, initialize_with_readme: true, visibility: "private" },
      ],
      ["PUT projects/101", { ci_push_repository_for_job_token_allowed: true, topics: ["a", "b"] }],
      ["GET projects/101", undefined],
    ]);
    expect((await plugin.diff(PROJECT, made, made.inputs)).changed).toBe(false);
  });

  it("is kept when a setting is refused", async () => {
    gitlab.answers("POST projects", { status: 201, body: { id: 101 } });
    gitlab.answers("PUT projects/101", { status: 400, body: { message: { topics: ["are too many"] } } });
    await expect(plugin.create(PROJECT, inputs)).rejects.toThrow(
      "2 UNKNOWN: the project is made, but GitLab refused to change project 101 (400): topics are too many",
    );
  });

  it("is imported by its path, shows what somebody changed, and is changed in just that", async () => {
    gitlab.answers("GET projects/platform%2Fdeploy", { body: LIVE });
    const imported = await plugin.read(PROJECT, "platform/deploy");
    expect(imported?.id).toBe("101");
    expect(imported?.inputs).toMatchObject({ name: "deploy", ciPushRepositoryForJobTokenAllowed: true });
    if (imported === undefined) return;
    gitlab.answers("GET projects/101", {
      body: { ...LIVE, ci_push_repository_for_job_token_allowed: false },
    });
    const drifted = await plugin.read(PROJECT, imported);
    if (drifted === undefined) throw new Error("the project is gone");
    const { detailed } = await plugin.diff(PROJECT, drifted, imported.inputs);
    expect(detailed).toEqual({ ciPushRepositoryForJobTokenAllowed: "UPDATE" });
    gitlab.answers("PUT projects/101", { body: LIVE });
    gitlab.answers("GET projects/101", { body: LIVE });
    gitlab.taken();
    await plugin.update(PROJECT, drifted, imported.inputs);
    expect(gitlab.taken()[0]).toEqual({
      line: "PUT projects/101",
      body: { ci_push_repository_for_job_token_allowed: true },
    });
  });

  it("moves, and is archived, by ways of their own", async () => {
    const old = { id: "101", inputs, outputs: { ...inputs, archived: false } };
    gitlab.answers("PUT projects/101/transfer", { body: LIVE });
    gitlab.answers("POST projects/101/archive", { status: 201, body: LIVE });
    gitlab.answers("GET projects/101", { body: LIVE });
    await plugin.update(PROJECT, old, { ...inputs, namespaceId: 8, archived: true });
    expect(gitlab.taken().map(({ line, body }) => [line, body])).toEqual([
      ["PUT projects/101/transfer", { namespace: 8 }],
      ["POST projects/101/archive", {}],
      ["GET projects/101", undefined],
    ]);
  });

  it("goes in the background, for good, or only into the archive", async () => {
    const state = (more: object) => ({ id: "101", inputs, outputs: { ...inputs, ...more } });
    gitlab.answers("DELETE projects/101", { status: 202 });
    gitlab.answers("GET projects/101", { body: LIVE }, GONE);
    await plugin.delete(PROJECT, state({}));
    expect(gitlab.taken().map(({ line }) => line)).toEqual([
      "DELETE projects/101",
      "GET projects/101",
      "GET projects/101",
    ]);
    const forGood = "DELETE projects/101?permanently_remove=true&full_path=platform%2Fdeploy";
    gitlab.answers(forGood, { status: 202 });
    gitlab.answers("GET projects/101", { body: { ...LIVE, marked_for_deletion_on: "2030-01-01" } });
    await plugin.delete(
      PROJECT,
      state({ permanentlyDeleteOnDestroy: true, pathWithNamespace: "platform/deploy" }),
    );
    expect(gitlab.taken()[1]?.line).toBe(forGood);
    gitlab.answers("POST projects/101/archive", { status: 201, body: LIVE });
    await plugin.delete(PROJECT, state({ archiveOnDestroy: true }));
    expect(gitlab.taken().map(({ line }) => line)).toEqual(["POST projects/101/archive"]);
  });

  it("that is marked for deletion is gone", async () => {
    gitlab.answers("GET projects/101", { body: { ...LIVE, marked_for_deletion_on: "2030-01-01" } });
    expect(await plugin.read(PROJECT, "101")).toBeUndefined();
  });

  it("is read by getProject, without its runners' token", async () => {
    gitlab.answers("GET projects/platform%2Fdeploy", { body: LIVE });
    const told = await plugin.invoke("gitlab:index/getProject:getProject", {
      pathWithNamespace: "platform/deploy",
    });
    expect(told).toMatchObject({
      id: "101",
      pathWithNamespace: "platform/deploy",
      nameWithNamespace: "Platform / deploy",
      namespaceId: 7,
      defaultBranch: "main",
      visibilityLevel: "private",
    });
    expect(JSON.stringify(told)).not.toContain("glrt-");
  });
});

it("a deploy key is the same with milliseconds in its time and a space at its end, and otherwise another", async () => {
  const inputs = {
    project: "101",
    title: "bot",
    key: "ssh-ed25519 AAAA bot\n",
    expiresAt: "2030-01-21T00:00:00Z",
  };
  gitlab.answers("POST projects/101/deploy_keys", { status: 201, body: { id: 6 } });
  const found = { id: 6, title: "bot", key: "ssh-ed25519 AAAA bot", can_push: false };
  gitlab.answers("GET projects/101/deploy_keys/6", {
    body: { ...found, expires_at: "2030-01-21T00:00:00.000Z" },
  });
  const made = await plugin.create(KEY, inputs);
  expect([made.id, made.outputs.deployKeyId]).toEqual(["101:6", 6]);
  expect(gitlab.taken()[0]?.body).toEqual({
    title: "bot",
    key: "ssh-ed25519 AAAA bot",
    expires_at: inputs.expiresAt,
    can_push: false,
  });
  expect((await plugin.diff(KEY, made, made.inputs)).changed).toBe(false);
  const pushing = await plugin.diff(KEY, made, { ...inputs, canPush: true });
  expect([pushing.replaces, pushing.deleteBeforeReplace]).toEqual([["canPush"], true]);
});
