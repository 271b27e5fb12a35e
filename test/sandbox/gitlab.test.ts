import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DevOutputs } from "../../sandbox/dev-stack";
import { AuditLog } from "../../sandbox/proof/audit-log";
import { Pipelines } from "../../sandbox/proof/pipelines";
import { proveApp } from "../../sandbox/proof/prove-app";
import { proveRotation } from "../../sandbox/proof/prove-rotation";
import { GitLabApi } from "../../sandbox/servers/gitlab-api";
import { PROJECTS } from "../../sandbox/servers/gitlab-server";
import { HttpsJson } from "../../sandbox/servers/https-json";
import { devConfig, withGitLab } from "./support/dev-config";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";
import { TokenCatcher } from "./support/token-catcher";
import { TOKENS } from "./support/tokens";

/** A value that is found wherever it was left. */
const CANARY = "canary-7Qd1sVtz0KpW";

let loop: Loop;
let stack: Stack;
let gitlab: GitLabApi;
let engineSaid = "";
let outputs: Required<Pick<DevOutputs, "gitlab">> & DevOutputs;

beforeAll(async () => {
  loop = await Loop.start();
  gitlab = GitLabApi.bot(loop.layout);
  stack = await loop.stack("gitlab", { ...devConfig(loop.layout), ...withGitLab(loop.layout) });
  const variable = "sopsloop:gitlabVariables.SHOP_KEY";
  await stack.succeed("config", "set", "--path", `${variable}.environment`, "sandbox");
  await stack.succeedWith(CANARY, "config", "set", "--secret", "--path", `${variable}.value`);
  engineSaid = await stack.up();
  outputs = (await stack.outputs()) as unknown as typeof outputs;
  await loop.prove(stack);
});
afterAll(async () => {
  await gitlab?.close();
  await loop?.stop();
});

describe("one update makes the GitLab side in the same graph", () => {
  test("again, and after a refresh: no changes", async () => {
    engineSaid += await stack.up("--expect-no-changes");
    engineSaid += await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect((await stack.plan()).filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
  });

  test("what GitLab's own client sees is what was declared", async () => {
    const { client } = gitlab;
    const [project, triggers, schedules, variables, hooks] = [
      await client.Projects.show(PROJECTS.deploy),
      await client.PipelineTriggerTokens.all(PROJECTS.deploy),
      await client.PipelineSchedules.all(PROJECTS.deploy),
      await client.ProjectVariables.all(PROJECTS.deploy),
      await client.ProjectHooks.all(PROJECTS.deploy),
    ];
    expect(project).toMatchObject({
      ci_pipeline_variables_minimum_override_role: "no_one_allowed",
      ci_push_repository_for_job_token_allowed: true,
      forking_access_level: "disabled",
    });
    expect(triggers.map(({ description }) => description)).toEqual(["sopsloop: relay"]);
    expect(schedules.map(({ cron, active, ref }) => ({ cron, active, ref }))).toEqual([
      { cron: "23 * * * *", active: true, ref: "refs/heads/main" },
    ]);
    const shown = variables.map(({ key, protected: only, masked }) => `${key} ${only} ${masked}`);
    expect(shown.sort()).toEqual(["SHOP_KEY true true", "VAULT_CACERT false false"]);
    expect(hooks.map(({ push_events }) => push_events)).toEqual([true]);
    for (const path of [".sops.yaml", ".gitlab-ci.yml", ".gitlab/sopsloop/rewrap.yml"])
      expect(await client.RepositoryFiles.show(PROJECTS.deploy, path, "main")).toMatchObject({
        file_path: path,
      });
  });

  test("tokens and variables are secret in the state, the outputs and what the engine says", async () => {
    const exported = await stack.exported();
    const hook = (await gitlab.client.ProjectHooks.all(PROJECTS.deploy))[0];
    const hookPath = new URL(String(hook?.url)).pathname;
    expect(hookPath).toMatch(/^\/hook\/[0-9a-f]{64}$/);
    for (const plain of [exported, JSON.stringify(outputs), engineSaid]) {
      expect(plain).not.toMatch(TOKENS);
      expect(plain).not.toContain(CANARY);
      expect(plain).not.toContain(hookPath);
    }
    expect(exported).toContain("ciphertext");
    const shown = JSON.parse(await stack.succeed("stack", "output", "--json", "--show-secrets")) as {
      gitlab: { triggerTokens: Record<string, string> };
    };
    expect(shown.gitlab.triggerTokens.relay).toMatch(/^glptt-[0-9a-f]{40}$/);
  });

  test("the audit output says which jobs log in as what", () => {
    expect(outputs).toMatchObject({
      audit: {
        pipelines: {
          roles: [
            { name: "sops-rewrap", sources: ["trigger", "schedule"], protectedBranch: "main" },
            { name: "sops-status", sources: ["merge_request_event", "push"], protectedBranch: null },
            { name: "sops-chart", sources: ["pipeline", "web"], protectedBranch: "main" },
          ],
          variables: ["VAULT_CACERT (*)", "SHOP_KEY (sandbox)"],
        },
      },
    });
  });
});

describe("pipelines that run", () => {
  test("a push to the app ends in a Secret of the cluster, by a job that logs in by its ID token only", async () => {
    const { env, layout } = loop;
    const { authPath } = outputs.gitlab;
    const audit = AuditLog.fromNow(layout.vault.audit);
    const proof = await proveApp({ layout, env, environment: "sandbox", authPath, role: "sops-chart" });
    expect(proof.login).toMatchObject({ tokenType: "batch", policies: ["sops-chart"] });
    const [login] = audit.answered(`auth/${authPath}/login`);
    expect(login?.auth?.metadata).toMatchObject({
      job_id: expect.stringMatching(/^\d+$/),
      pipeline_id: expect.stringMatching(/^\d+$/),
      user_login: "sopsloop-bot",
      ref: "main",
    });
  });

  test("the key turns: the sweep's job rewraps, the hook tells Flux, nothing is stale", async () => {
    const { authPath, sweepId } = outputs.gitlab;
    const { lines, from, to } = await proveRotation({
      layout: loop.layout,
      env: loop.env,
      keyPath: "transit/keys/sops",
      policies: outputs.policyNames,
      sweep: { schedule: sweepId, authPath, role: "sops-rewrap" },
    });
    expect({ from, to }).toEqual({ from: 1, to: 2 });
    expect(lines).toEqual([
      "the key went from version 1 to 2; sopsloop status: 2 of 2 files stale",
      expect.stringMatching(/^the sweep's job .* as sops-rewrap, which cannot decrypt: commit [0-9a-f]{10}$/),
      expect.stringMatching(/^Flux applied it .* after the rotation; sopsloop status: 2 of 2 fresh$/),
      "sopsloop retire --ref main: nothing needs versions below 2 any more",
    ]);
  });

  test("a second sweep has nothing to do, and commits nothing", async () => {
    const tip = async () => (await gitlab.client.Branches.show(PROJECTS.deploy, "main")).commit.id;
    const before = await tip();
    const pipelines = new Pipelines(gitlab, PROJECTS.deploy);
    await pipelines.success(await pipelines.play(outputs.gitlab.sweepId));
    expect(await tip()).toBe(before);
  });

  test("every delivery of the hook was taken by Flux's receiver", async () => {
    const [hook] = await gitlab.client.ProjectHooks.all(PROJECTS.deploy);
    const answers = await deliveries(hook?.id ?? 0);
    expect(answers.length).toBeGreaterThanOrEqual(2);
    expect(new Set(answers)).toEqual(new Set(["200"]));
  });

  test("no log of a job, of GitLab or of a controller holds a token or a variable's value", () => {
    const files = filesUnder(loop.layout.logs).concat(
      filesUnder(join(loop.layout.gitlab.folder, "ci", "traces")),
    );
    expect(files.length).toBeGreaterThan(8);
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      expect(TOKENS.test(text), file).toBe(false);
      expect(text.includes(CANARY), file).toBe(false);
    }
  });
});

describe("Vault refuses a job", () => {
  const roles = ["sops-rewrap", "sops-chart", "sops-status"] as const;
  const catcher = () => new TokenCatcher(loop, gitlab);
  const refused = expect.stringMatching(/^4\d\d .*(claim|bound)/);

  test("of another project", async () => {
    const answers = await catcher().answers({
      project: "platform/sopsloop",
      id: PROJECTS.sopsloop,
      branch: "main",
      roles,
    });
    expect(answers).toEqual({ "sops-rewrap": refused, "sops-chart": refused, "sops-status": refused });
  });

  test("of a branch that is not protected, whoever started it", async () => {
    const shown = JSON.parse(await stack.succeed("stack", "output", "--json", "--show-secrets")) as {
      gitlab: { triggerTokens: { relay: string } };
    };
    const { PipelineTriggerTokens } = gitlab.client;
    const answers = await catcher().answers({
      project: "platform/deploy",
      id: PROJECTS.deploy,
      branch: "sneaky",
      roles,
      start: async () =>
        (await PipelineTriggerTokens.trigger(PROJECTS.deploy, "sneaky", shown.gitlab.triggerTokens.relay)).id,
    });
    expect(answers).toEqual({ "sops-rewrap": refused, "sops-chart": refused, "sops-status": refused });
  });

  test("of another source: what a push may see is the key's versions, and no more", async () => {
    const answers = await catcher().answers({
      project: "platform/deploy",
      id: PROJECTS.deploy,
      branch: "pushed",
      roles,
    });
    expect(answers).toEqual({
      "sops-rewrap": refused,
      "sops-chart": refused,
      "sops-status": expect.stringMatching(/^200/),
    });
  });
});

test("destroy takes back what the program made, and leaves the project and its history", async () => {
  const { "sopsloop:vault": vault } = devConfig(loop.layout, { vault: { transit: { protect: false } } });
  stack.configure({ "sopsloop:vault": vault });
  await stack.up();
  await stack.succeed("destroy", "--yes");
  expect(await stack.resources()).toEqual([]);
  const { client } = gitlab;
  expect(await client.Projects.show(PROJECTS.deploy)).toMatchObject({
    path_with_namespace: "platform/deploy",
  });
  expect(await client.PipelineTriggerTokens.all(PROJECTS.deploy)).toEqual([]);
  expect(await client.PipelineSchedules.all(PROJECTS.deploy)).toEqual([]);
  expect(await client.ProjectHooks.all(PROJECTS.deploy)).toEqual([]);
});

/** Which answers a hook has had; gitbeaker has no call for it. */
async function deliveries(hook: number): Promise<readonly string[]> {
  const { address, ca, botToken } = loop.layout.gitlab;
  const http = new HttpsJson({ address, ca: readFileSync(ca, "utf8") });
  try {
    const path = `/api/v4/projects/${PROJECTS.deploy}/hooks/${hook}/events?per_page=100`;
    const headers = { "private-token": readFileSync(botToken, "utf8").trim() };
    const { body } = await http.send("GET", path, { headers });
    return (body as { response_status: string }[]).map(({ response_status }) => response_status);
  } finally {
    http.close();
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}
