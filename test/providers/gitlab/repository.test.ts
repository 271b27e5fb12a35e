import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gitlabProvider } from "../../../sandbox/providers/gitlab/provider";
import { PluginClient } from "../plugin-client";
import { RecordedGitLab } from "./recorded-gitlab";

const token = (name: string) => `gitlab:index/${name}:${name[0]?.toUpperCase()}${name.slice(1)}`;
const FILE = token("repositoryFile");
const PROTECTION = token("branchProtection");

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

describe("a repository file", () => {
  const path = "projects/101/repository/files/.gitlab%2Fa.yml";
  const inputs = {
    project: "101",
    branch: "main",
    filePath: ".gitlab/a.yml",
    encoding: "text",
    content: "né: 1\n",
    commitMessage: "Add a",
  };
  const file = (content: string, last = "c1") => ({
    body: {
      file_path: inputs.filePath,
      content: Buffer.from(content).toString("base64"),
      encoding: "base64",
      last_commit_id: last,
      execute_filemode: false,
    },
  });
  const gone = { status: 404, body: { message: "404 File Not Found" } };

  it("is committed anew when the branch has moved, and not when only a message changed", async () => {
    const moved = {
      status: 400,
      body: { message: "9:Could not update refs/heads/main. Please refresh and try again.." },
    };
    gitlab.answers(`POST ${path}`, { status: 201, body: {} });
    gitlab.answers(`GET ${path}?ref=main`, file(inputs.content), file(inputs.content, "c2"));
    gitlab.answers(`PUT ${path}`, moved, { body: {} });
    const made = await plugin.create(FILE, inputs);
    expect([made.id, made.outputs.content]).toEqual(["101:main:.gitlab/a.yml", inputs.content]);
    gitlab.taken();
    await plugin.update(FILE, made, { ...inputs, commitMessage: "Other words" });
    expect(gitlab.taken().map(({ line }) => line)).toEqual([`GET ${path}?ref=main`]);
    await plugin.update(FILE, made, { ...inputs, content: "b: 2\n", commitMessage: "Change a" });
    const puts = gitlab.taken().filter(({ line }) => line.startsWith("PUT"));
    expect(puts.map(({ body }) => body)).toEqual(
      Array(2).fill({
        branch: "main",
        content: "b: 2\n",
        encoding: "text",
        execute_filemode: false,
        commit_message: "Change a",
        last_commit_id: "c2",
      }),
    );
  });

  it("is taken over only when told so, without a commit where it is right already", async () => {
    const taken = { status: 400, body: { message: "A file with this name already exists" } };
    gitlab.answers(`POST ${path}`, taken);
    await expect(plugin.create(FILE, inputs)).rejects.toThrow(
      "A file with this name already exists; set overwriteOnCreate to true to take it over",
    );
    gitlab.answers(`GET ${path}?ref=main`, file(inputs.content));
    gitlab.taken();
    await plugin.create(FILE, { ...inputs, overwriteOnCreate: true });
    expect(new Set(gitlab.taken().map(({ line }) => line))).toEqual(new Set([`GET ${path}?ref=main`]));
  });

  it("is deleted with a message of its own, at the commit that was read", async () => {
    const state = { id: "101:main:.gitlab/a.yml", inputs, outputs: inputs };
    gitlab.answers(`GET ${path}?ref=main`, file("x", "c9"), gone);
    const query = "branch=main&commit_message=%5BDELETE%5D%3A+Add+a&last_commit_id=c9";
    gitlab.answers(`DELETE ${path}?${query}`, { status: 204 });
    await plugin.delete(FILE, state);
    expect(gitlab.taken()[1]?.line).toBe(`DELETE ${path}?${query}`);
    await plugin.delete(FILE, state);
    expect(gitlab.taken()).toHaveLength(1);
  });

  it("commits one at a time", async () => {
    const paths = ["1", "2", "3"].map((name) => `projects/101/repository/files/${name}`);
    for (const one of paths) {
      gitlab.answers(`POST ${one}`, { status: 201, body: {}, afterMs: 20 });
      gitlab.answers(`GET ${one}?ref=main`, file(inputs.content));
    }
    await Promise.all(["1", "2", "3"].map((filePath) => plugin.create(FILE, { ...inputs, filePath })));
    expect(gitlab.taken().filter(({ line }) => line.startsWith("POST"))).toHaveLength(3);
    expect(gitlab.mostWritesAtOnce).toBe(1);
  });
});

describe("a branch protection", () => {
  const path = "projects/101/protected_branches";
  const inputs = { project: "101", branch: "main" };
  const role = (level: number, id = 1) => ({ id, access_level: level, access_level_description: "role" });
  const gone = { status: 404, body: { message: "404 Not found" } };

  it("on the Community Edition has roles, and makes room of GitLab's own protection of the default branch", async () => {
    gitlab.answers("GET metadata", { body: { enterprise: false } });
    gitlab.answers("GET projects/101", { body: { default_branch: "main" } });
    const body = { id: 8, name: "main", push_access_levels: [role(0)], merge_access_levels: [role(40)] };
    gitlab.answers(`GET ${path}/main`, { body });
    gitlab.answers(`DELETE ${path}/main`, { status: 204 });
    gitlab.answers(`POST ${path}`, { status: 201, body });
    const wanted = { ...inputs, pushAccessLevel: "no one", mergeAccessLevel: "maintainer" };
    const made = await plugin.create(PROTECTION, wanted);
    expect(made.outputs).toMatchObject({ ...wanted, branchProtectionId: 8, allowForcePush: false });
    const writes = gitlab.taken().filter(({ line }) => !line.startsWith("GET"));
    expect(writes.map(({ line, body }) => [line, body])).toEqual([
      [`DELETE ${path}/main`, undefined],
      [
        `POST ${path}`,
        { name: "main", allow_force_push: false, push_access_level: 0, merge_access_level: 40 },
      ],
    ]);
    const diff = await plugin.diff(PROTECTION, made, { ...wanted, pushAccessLevel: "maintainer" });
    expect([diff.replaces, diff.deleteBeforeReplace]).toEqual([["pushAccessLevel"], true]);
  });

  it("leaves somebody's protection of another branch alone", async () => {
    gitlab.answers("GET metadata", { body: { enterprise: false } });
    gitlab.answers("GET projects/101", { body: { default_branch: "main" } });
    gitlab.answers(`GET ${path}/release`, { body: { id: 9 } });
    await expect(plugin.create(PROTECTION, { ...inputs, branch: "release" })).rejects.toThrow(
      "branch release of 101 is protected already: import it by the id 101:release",
    );
  });

  it("on the Enterprise Edition has lists, of which an update changes what differs", async () => {
    const key = { id: 12, deploy_key_id: 6, access_level: 40, access_level_description: "Deploy" };
    const body = {
      id: 8,
      name: "main",
      push_access_levels: [role(40, 11), key],
      merge_access_levels: [role(40)],
    };
    gitlab.answers("GET metadata", { body: { enterprise: true } });
    gitlab.answers(`GET ${path}/main`, gone, { body });
    gitlab.answers(`POST ${path}`, { status: 201, body });
    gitlab.answers(`PATCH ${path}/main`, { body });
    const wanted = { ...inputs, allowedToPushes: [{ deployKeyId: 6 }, { accessLevel: "maintainer" }] };
    const made = await plugin.create(PROTECTION, wanted);
    expect(made.outputs.allowedToPushes).toEqual([
      { accessLevel: "maintainer", accessLevelDescription: "role" },
      { deployKeyId: 6, accessLevelDescription: "Deploy" },
    ]);
    expect((await plugin.diff(PROTECTION, made, made.inputs)).changed).toBe(false);
    gitlab.taken();
    await plugin.update(PROTECTION, made, {
      ...inputs,
      allowedToPushes: [{ deployKeyId: 6 }, { userId: 2 }],
    });
    expect(gitlab.taken().find(({ line }) => line.startsWith("PATCH"))?.body).toMatchObject({
      allowed_to_push: [{ user_id: 2 }, { id: 11, _destroy: true }],
    });
  });
});
