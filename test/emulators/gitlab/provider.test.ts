import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { gitlabProvider } from "../../../sandbox/providers/gitlab/provider";
import { PluginClient } from "../../providers/plugin-client";
import { type TestGitLab, testGitLab } from "./support/test-gitlab";

const DEPLOY_KEY = `ssh-ed25519 ${"AAAAC3NzaC1lZDI1NTE5AAAAI".padEnd(68, "B")}`;

/** Each type with its inputs, and one change of them that needs no other resource. */
const RESOURCES: readonly { readonly type: string; readonly inputs: PlainMap; readonly change: PlainMap }[] =
  [
    { type: "pipelineTrigger", inputs: { description: "relay" }, change: { description: "relay-2" } },
    {
      type: "pipelineSchedule",
      inputs: {
        description: "sweep",
        ref: "refs/heads/main",
        cron: "0 3 * * *",
        inputs: [{ name: "a", value: "1" }],
      },
      change: { cron: "0 4 * * *", inputs: [{ name: "b", value: "2" }] },
    },
    {
      type: "projectVariable",
      inputs: { key: "CA", value: "pem", variableType: "file", protected: true, environmentScope: "dev" },
      change: { value: "other" },
    },
    {
      type: "branchProtection",
      inputs: { branch: "main", allowedToPushes: [{ accessLevel: "maintainer" }] },
      change: { allowedToPushes: [{ accessLevel: "developer" }, { userId: 1 }] },
    },
    {
      type: "projectHook",
      inputs: { url: "http://127.0.0.1:9/hook", token: "hook-secret", name: "flux" },
      change: { pushEventsBranchFilter: "main" },
    },
    {
      type: "repositoryFile",
      inputs: {
        branch: "main",
        filePath: ".gitlab/sopsloop/rewrap.yml",
        content: "a: 1\n",
        encoding: "text",
        commitMessage: "Set up the pipelines",
      },
      change: { content: "a: 2\n" },
    },
    {
      type: "deployKey",
      inputs: { title: "flux", key: DEPLOY_KEY, canPush: true },
      change: { title: "flux-2" },
    },
    { type: "projectJobTokenScope", inputs: { targetProjectId: 102 }, change: {} },
  ];

/** Types whose change makes another one in their place. */
const REPLACED = ["deployKey"];

const tokenOf = (name: string) => `gitlab:index/${name}:${name[0]?.toUpperCase()}${name.slice(1)}`;

let server: TestGitLab;
let plugin: PluginClient;

beforeAll(async () => {
  server = await testGitLab();
  plugin = await PluginClient.inProcess(gitlabProvider);
  await plugin.configure({
    baseUrl: `${server.address}/api/v4/`,
    token: server.tokens.bot,
    cacertFile: server.ca,
  });
  await server
    .client(server.tokens.bot)
    .Commits.create(101, "main", "Begin", [{ action: "create", filePath: "a", content: "1" }]);
});
afterAll(async () => {
  await plugin.close();
  await server.close();
});

describe.each(RESOURCES)("$type, made by the provider", ({ type, inputs, change }) => {
  const token = tokenOf(type);
  const wanted = { project: "101", ...inputs };

  it("is read back without a difference, changed in one step, imported, and gone after its deletion", async () => {
    const made = await plugin.create(token, wanted, type === "projectHook" ? ["token"] : []);
    const read = await plugin.read(token, made);
    if (read === undefined) throw new Error(`${made.id} is not there`);
    expect(await plugin.diff(token, { ...read, inputs: made.inputs }, made.inputs)).toMatchObject({
      changed: false,
    });
    const next = { ...wanted, ...change };
    const isChange = Object.keys(change).length > 0;
    const diff = await plugin.diff(token, made, await plugin.check(token, next, [], made.inputs));
    expect(diff.changed).toBe(isChange);
    expect(diff.replaces.length > 0).toBe(REPLACED.includes(type));
    const changed = isChange && diff.replaces.length === 0 ? await plugin.update(token, made, next) : made;
    const again = await plugin.read(token, changed);
    if (again === undefined) throw new Error(`${made.id} is not there any more`);
    const settled = await plugin.diff(token, { ...again, inputs: changed.inputs }, changed.inputs);
    expect([settled.changed, settled.detailed]).toEqual([false, {}]);
    expect((await plugin.read(token, made.id))?.id).toBe(made.id);
    await plugin.delete(token, changed);
    expect(await plugin.read(token, changed)).toBeUndefined();
  });
});

it("changes settings of a project that it has imported, and leaves all others as they are", async () => {
  const token = tokenOf("project");
  const there = await plugin.read(token, "101");
  if (there === undefined) throw new Error("no project");
  const next = {
    ...there.inputs,
    ciPushRepositoryForJobTokenAllowed: true,
    ciIdTokenSubClaimComponents: ["project_path", "ref_type", "ref", "ref_protected"],
  };
  const changed = await plugin.update(token, there, next);
  const read = await plugin.read(token, changed);
  expect(read?.outputs).toMatchObject({
    ciPushRepositoryForJobTokenAllowed: true,
    ciPipelineVariablesMinimumOverrideRole: "no_one_allowed",
    defaultBranch: "main",
  });
});

it("gets GitLab's own reason where a value is refused", async () => {
  const inputs = { project: "101", key: "SHORT", value: "abc", masked: true };
  await expect(plugin.create(tokenOf("projectVariable"), inputs)).rejects.toThrow("value is invalid");
  const none = { project: "999", description: "x" };
  await expect(plugin.create(tokenOf("pipelineTrigger"), none)).rejects.toThrow("404 Project Not Found");
});
