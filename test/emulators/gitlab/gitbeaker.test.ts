import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestGitLab, testGitLab } from "./support/test-gitlab";

let server: TestGitLab;

beforeAll(async () => {
  server = await testGitLab();
});
afterAll(() => server.close());

const DEPLOY = "platform/deploy";

describe("the REST API, as @gitbeaker/rest sees it", () => {
  it("tells who asks and which project is which", async () => {
    const api = server.client(server.tokens.bot);
    expect((await api.Users.showCurrentUser()).username).toBe("sopsloop-bot");
    const project = await api.Projects.show(DEPLOY);
    expect(project).toMatchObject({ id: 101, path_with_namespace: DEPLOY, default_branch: "main" });
    expect((await api.Projects.all({ membership: true })).map(({ id }) => id)).toEqual([101, 102]);
  });

  it("changes a project's settings and refuses what they cannot be", async () => {
    const api = server.client(server.tokens.bot);
    const changed = await api.Projects.edit(DEPLOY, {
      buildTimeout: 1_800,
      ciForwardDeploymentEnabled: false,
    });
    expect(changed).toMatchObject({ build_timeout: 1_800, ci_forward_deployment_enabled: false });
    await expect(api.Projects.edit(DEPLOY, { buildTimeout: 5 })).rejects.toThrow("build_timeout");
  });

  it("tells a trigger's token in full to its owner alone", async () => {
    const bot = server.client(server.tokens.bot);
    const made = await bot.PipelineTriggerTokens.create(DEPLOY, "relay");
    expect(made.token).toMatch(/^glptt-[0-9a-f]{40}$/);
    const seen = await server.client(server.tokens.admin).PipelineTriggerTokens.show(DEPLOY, made.id);
    expect(seen.token).toBe(made.token.slice(6, 10));
    expect((await bot.PipelineTriggerTokens.edit(DEPLOY, made.id, { description: "b" })).description).toBe(
      "b",
    );
    await bot.PipelineTriggerTokens.remove(DEPLOY, made.id);
    await expect(bot.PipelineTriggerTokens.show(DEPLOY, made.id)).rejects.toThrow(/Not Found/);
  });

  it("keeps schedules with variables, and lets nobody but the owner change them", async () => {
    const bot = server.client(server.tokens.bot);
    await bot.Commits.create(DEPLOY, "main", "Begin", [{ action: "create", filePath: "a", content: "1" }]);
    const made = await bot.PipelineSchedules.create(DEPLOY, "sweep", "refs/heads/main", "17 3 * * *", {
      cronTimezone: "Europe/Berlin",
    });
    expect(made).toMatchObject({ ref: "refs/heads/main", active: true, owner: { username: "sopsloop-bot" } });
    expect(Date.parse(made.next_run_at)).toBeGreaterThan(Date.now());
    await bot.PipelineScheduleVariables.create(DEPLOY, made.id, "K", "v");
    const shown = await bot.PipelineSchedules.show(DEPLOY, made.id);
    expect(shown).toMatchObject({ variables: [{ key: "K", value: "v", variable_type: "env_var" }] });
    const badCron = bot.PipelineSchedules.edit(DEPLOY, made.id, { cron: "99 * * * *" });
    await expect(badCron).rejects.toThrow("syntax is invalid");
    await bot.PipelineSchedules.remove(DEPLOY, made.id);
    await expect(bot.PipelineSchedules.show(DEPLOY, made.id)).rejects.toThrow(/Not Found/);
  });

  it("keeps variables apart by scope, hides hidden ones and refuses what no trace could mask", async () => {
    const bot = server.client(server.tokens.bot);
    const { ProjectVariables: variables } = bot;
    await variables.create(DEPLOY, "CA", "one", { environmentScope: "dev", protected: true });
    await variables.create(DEPLOY, "CA", "two", { environmentScope: "prod" });
    await expect(variables.show(DEPLOY, "CA")).rejects.toThrow(
      "There are multiple variables with provided parameters",
    );
    const dev = await variables.show(DEPLOY, "CA", { filter: { environment_scope: "dev" } });
    expect(dev).toMatchObject({ value: "one", protected: true, masked: false });
    await expect(variables.create(DEPLOY, "SHORT", "abc", { masked: true })).rejects.toThrow("is invalid");
    await expect(variables.create(DEPLOY, "NO-KEY", "abc")).rejects.toThrow("letters, digits");
    const hiding = {
      token: server.tokens.bot,
      body: { key: "H", value: "12345678", masked_and_hidden: true },
    };
    const hidden = await server.ask("POST", "/api/v4/projects/101/variables", hiding);
    expect(await hidden.json()).toMatchObject({ value: null, hidden: true, masked: true });
  });

  it("commits files, one after the other, and notices what has changed meanwhile", async () => {
    const { RepositoryFiles: files, Commits } = server.client(server.tokens.bot);
    await files.create(DEPLOY, "dir/b.yaml", "main", "b: 1\n", "Add b");
    const first = await files.show(DEPLOY, "dir/b.yaml", "main");
    expect(Buffer.from(first.content, "base64").toString()).toBe("b: 1\n");
    await files.edit(DEPLOY, "dir/b.yaml", "main", "b: 2\n", "Change b", {
      lastCommitId: first.last_commit_id,
    });
    const stale = files.edit(DEPLOY, "dir/b.yaml", "main", "b: 3\n", "Late", {
      lastCommitId: first.last_commit_id,
    });
    await expect(stale).rejects.toThrow("has changed since you started editing it");
    await expect(files.create(DEPLOY, "dir/b.yaml", "main", "", "Again")).rejects.toThrow(
      "A file with this name already exists",
    );
    expect((await Commits.all(DEPLOY, { path: "dir/b.yaml" })).map(({ title }) => title)).toEqual([
      "Change b",
      "Add b",
    ]);
    await files.remove(DEPLOY, "dir/b.yaml", "main", "Remove b");
    await expect(files.show(DEPLOY, "dir/b.yaml", "main")).rejects.toThrow(/Not Found/);
  });

  it("takes a merge request from branch to merge, with comments page by page", async () => {
    const { Branches, Commits, MergeRequests, MergeRequestNotes } = server.client(server.tokens.bot);
    await Branches.create(DEPLOY, "change", "main");
    await Commits.create(DEPLOY, "change", "Change", [{ action: "create", filePath: "c", content: "c" }]);
    const { iid } = await MergeRequests.create(DEPLOY, "change", "main", "A change");
    await expect(MergeRequests.create(DEPLOY, "change", "main", "Twice")).rejects.toThrow(
      "Another open merge request already exists for this source branch: !1",
    );
    for (let n = 1; n <= 25; n++) await MergeRequestNotes.create(DEPLOY, iid, `comment ${n}`);
    const all = await MergeRequestNotes.all(DEPLOY, iid, { sort: "asc" });
    expect(all.map(({ body }) => body)).toEqual(Array.from({ length: 25 }, (_, n) => `comment ${n + 1}`));
    const [first] = all;
    await MergeRequestNotes.edit(DEPLOY, iid, first?.id ?? 0, { body: "edited" });
    expect((await MergeRequestNotes.show(DEPLOY, iid, first?.id ?? 0)).body).toBe("edited");
    const merged = await MergeRequests.merge(DEPLOY, iid);
    expect(merged.state).toBe("merged");
    expect((await Commits.show(DEPLOY, "main")).id).toBe(merged.merge_commit_sha);
  });

  it("protects branches, the default one from the start", async () => {
    const { ProtectedBranches: rules } = server.client(server.tokens.bot);
    expect((await rules.all(DEPLOY)).map(({ name }) => name)).toEqual(["main"]);
    const made = await rules.create(DEPLOY, "release/*", { pushAccessLevel: 0, mergeAccessLevel: 40 });
    expect(made.push_access_levels).toMatchObject([{ access_level: 0, access_level_description: "No one" }]);
    await expect(rules.create(DEPLOY, "release/*")).rejects.toThrow("already exists");
    await rules.remove(DEPLOY, "release/*");
    await expect(rules.show(DEPLOY, "release/*")).rejects.toThrow(/Not Found/);
  });

  it("never tells a hook's token", async () => {
    const { ProjectHooks } = server.client(server.tokens.bot);
    const made = await ProjectHooks.add(DEPLOY, "http://127.0.0.1:9/hook", {
      token: "very-secret",
      pushEvents: false,
    });
    expect(JSON.stringify(made)).not.toContain("very-secret");
    expect(JSON.stringify(await ProjectHooks.all(DEPLOY))).not.toContain("very-secret");
    await expect(ProjectHooks.add(DEPLOY, "ftp://x")).rejects.toThrow("Only allowed schemes are http, https");
  });
});

describe("refusals", () => {
  it("knows no one without a token, and says of a strange one only that it does not hold", async () => {
    const path = "/api/v4/projects/101";
    expect((await server.ask("GET", path)).status).toBe(401);
    const wrong = await server.ask("GET", path, { token: "glpat-wrong" });
    expect([wrong.status, await wrong.json()]).toEqual([401, { message: "401 Unauthorized" }]);
  });

  it("hides a project from those who are no members, and keeps members to their role", async () => {
    const admin = { token: server.tokens.admin };
    const user = (await (
      await server.ask("POST", "/api/v4/users", {
        ...admin,
        body: { username: "eve", name: "Eve", email: "e@x.y" },
      })
    ).json()) as { id: number };
    const made = await server.ask("POST", `/api/v4/users/${user.id}/personal_access_tokens`, {
      ...admin,
      body: { name: "t", scopes: ["api"] },
    });
    const { token } = (await made.json()) as { token: string };
    expect((await server.ask("GET", "/api/v4/projects/101", { token })).status).toBe(404);
    await server.ask("POST", "/api/v4/projects/101/members", {
      ...admin,
      body: { user_id: user.id, access_level: 30 },
    });
    expect((await server.ask("GET", "/api/v4/projects/101", { token })).status).toBe(200);
    expect((await server.ask("GET", "/api/v4/projects/101/variables", { token })).status).toBe(403);
    const push = { branch: "main", commit_message: "m", content: "x" };
    const refused = await server.ask("POST", "/api/v4/projects/101/repository/files/x", {
      token,
      body: push,
    });
    expect(refused.status).toBe(403);
  });

  it("says 404 to a trigger token that is not this project's, in whatever form it comes", async () => {
    const made = await server.client(server.tokens.bot).PipelineTriggerTokens.create("platform/app", "other");
    for (const token of [made.token, server.tokens.bot, "glptt-0"]) {
      const answer = await server.ask("POST", "/api/v4/projects/101/trigger/pipeline", {
        body: { token, ref: "main" },
      });
      expect([answer.status, await answer.json()]).toEqual([404, { message: "404 Not Found" }]);
    }
    const missing = await server.ask("POST", "/api/v4/projects/101/trigger/pipeline", {
      body: { token: "glptt-0" },
    });
    expect([missing.status, await missing.json()]).toEqual([400, { error: "ref is missing" }]);
    expect((await server.ask("GET", "/api/v4/projects/101/trigger/pipeline", {})).status).toBe(404);
  });
});
