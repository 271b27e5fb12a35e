import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DeployClone } from "../../sandbox/proof/deploy-clone";
import { Pipelines } from "../../sandbox/proof/pipelines";
import { secretManifest } from "../../sandbox/proof/proof-secret";
import { GitLabApi } from "../../sandbox/servers/gitlab-api";
import { PROJECTS } from "../../sandbox/servers/gitlab-server";
import { devConfig, withGitLab } from "./support/dev-config";
import { Loop } from "./support/loop";
import { ProgramProject } from "./support/program-project";
import type { Stack } from "./support/stack";
import { TOKENS } from "./support/tokens";

const BRANCH = "more-rights";
const FLUX_POLICY = "sops-flux-decrypt";
const POLICY = "components/vault/policy-text.ts";

let loop: Loop;
let stack: Stack;
let gitlab: GitLabApi;
let project: ProgramProject;
let pipelines: Pipelines;
let mergeRequest = 0;

beforeAll(async () => {
  loop = await Loop.start();
  gitlab = GitLabApi.bot(loop.layout);
  pipelines = new Pipelines(gitlab, PROJECTS.sopsloop);
  const config = { ...devConfig(loop.layout), ...withGitLab(loop.layout) };
  // Whoever works on the stack has a kubeconfig of his own there: each job, and the person that this test is.
  const kubernetes = { ...(config["sopsloop:kubernetes"] as object), kubeconfig: ".kubeconfig" };
  stack = await loop.stack("review", { ...config, "sopsloop:kubernetes": kubernetes });
  symlinkSync(loop.layout.kubernetes.kubeconfig, join(stack.folder, ".kubeconfig"));
  await stack.up();
  project = await ProgramProject.create(loop, stack);
});
afterAll(async () => {
  project?.close();
  await gitlab?.close();
  await loop?.stop();
});

async function policyInVault(): Promise<string> {
  const read = await loop.vault.send<{ data: { policy: string } }>("GET", `sys/policies/acl/${FLUX_POLICY}`);
  return read?.data.policy ?? "";
}

const notes = () => gitlab.client.MergeRequestNotes.all(PROJECTS.sopsloop, mergeRequest);

test("GitLab's schema takes the program's own CI file, with what it includes", async () => {
  const text = readFileSync(join(__dirname, "..", "..", ".gitlab-ci.yml"), "utf8");
  const { errors, valid, merged_yaml: merged } = await gitlab.client.Lint.lint(PROJECTS.sopsloop, text);
  expect({ errors, valid }).toEqual({ errors: [], valid: true });
  for (const job of ["lint:", "test:", "sopsloop-preview-prod:", "sopsloop-up-prod:", "sopsloop-drift-prod:"])
    expect(merged).toContain(job);
});

/** Every policy gets a first line, by a change of the function that writes them. */
const NEW_BODY = [
  "return `# Written by sopsloop.\\n$".concat("{body(grants)}`;"),
  "}",
  "",
  "function body(grants: readonly Grant[]): string {",
  "  return grants",
  "",
].join("\n");

test("a merge request with a changed policy gets one comment: the diff, and which rule it breaks", async () => {
  project.edit(POLICY, (text) =>
    text.replace(/(decrypt: \[\{ path: `\$\{mount\}\/decrypt\/\$\{key\}`, capabilities: \[)/, '$1"read", '),
  );
  await project.commit("Flux reads too");
  await project.push(BRANCH);
  const last = await pipelines.newest("merge_request_event");
  const made = await gitlab.client.MergeRequests.create(PROJECTS.sopsloop, BRANCH, "main", "Flux reads too");
  mergeRequest = made.iid;
  const pipeline = await pipelines.after(last, "merge_request_event");
  await expect(pipelines.success(pipeline)).rejects.toThrow(/sopsloop-preview-review/);

  const [comment, ...others] = await notes();
  expect(others).toEqual([]);
  expect(comment?.author.username).toBe("previews");
  expect(comment?.body).toMatch(/sops-decrypt/);
  expect(comment?.body).toMatch(/^-.*capabilities = \["update"\]$/m);
  expect(comment?.body).toMatch(/^\+.*capabilities = \["read", "update"\]$/m);
  expect(comment?.body).toMatch(/\*\*mandatory\*\*: `loop-role-only-decrypts`/);
});

test("a second push updates the same comment, and a change that keeps the rules passes", async () => {
  const [before] = await notes();
  await project.revert();
  project.edit(POLICY, (text) => text.replace("return grants\n", NEW_BODY));
  await project.commit("Policies say where they come from");
  const last = await pipelines.newest("merge_request_event");
  await project.push(BRANCH);
  await pipelines.success(await pipelines.after(last, "merge_request_event"));

  const [comment, ...others] = await notes();
  expect(others).toEqual([]);
  expect(comment?.id).toBe(before?.id);
  expect(comment?.body).toMatch(/^\+.*# Written by sopsloop\.$/m);
  expect(comment?.body).not.toContain('"read", "update"');
});

test("a program that fails is told in the comment, and fails the job", async () => {
  project.edit(POLICY, (text) => `${text}\nthrow new Error("broken on purpose");\n`);
  await project.commit("Break it");
  const last = await pipelines.newest("merge_request_event");
  await project.push(BRANCH);
  const pipeline = await pipelines.after(last, "merge_request_event");
  await expect(pipelines.success(pipeline)).rejects.toThrow(/sopsloop-preview-review/);
  const [comment, ...others] = await notes();
  expect(others).toEqual([]);
  expect(comment?.body).toContain("broken on purpose");
});

test("previews have changed nothing", async () => {
  await stack.up("--expect-no-changes");
});

test("a merge request that gives the key up is told how many files nobody could open any more", async () => {
  const clone = await DeployClone.of(loop.layout.git.url, loop.env);
  clone.write(".sops.yaml", String((await stack.outputs()).sopsConfig));
  for (const name of ["one", "two"]) {
    clone.write(`apps/${name}.sops.yaml`, secretManifest({ namespace: "default", name }, "correct-horse"));
    await clone.encrypt(`apps/${name}.sops.yaml`);
  }
  await clone.push("Two secrets");
  clone.close();
  // As a person does who means it: what is protected cannot be given up in a preview either.
  await stack.succeed("state", "unprotect", "--all", "--yes");
  await project.revert();
  project.edit(`Pulumi.${stack.name}.yaml`, (text) =>
    text.replace("sopsloop:vault:\n", "sopsloop:vault:\n    transit: { key: other }\n"),
  );
  await project.commit("Another key");
  const last = await pipelines.newest("merge_request_event");
  await project.push(BRANCH);
  await pipelines.success(await pipelines.after(last, "merge_request_event"));
  const [comment, ...others] = await notes();
  expect(others).toEqual([]);
  expect(comment?.body).toContain("Destroys the only key of 2 files of the deploy repository");
});

test("what is merged waits for a person, and then updates the stack", async () => {
  await project.revert();
  const last = await pipelines.newest("push");
  await project.push("main");
  const pipelineId = await pipelines.after(last, "push");
  const jobs = await gitlab.client.Jobs.all(PROJECTS.sopsloop, { pipelineId });
  expect(jobs.map(({ name, status }) => `${name} ${status}`)).toEqual(["sopsloop-up-review manual"]);
  expect(await policyInVault()).not.toContain("# Written by sopsloop.");

  await gitlab.client.Jobs.play(PROJECTS.sopsloop, jobs[0]?.id ?? 0);
  await pipelines.success(pipelineId);
  expect(await policyInVault()).toContain("# Written by sopsloop.");
});

test("the nightly look for drift: none, and then a policy that somebody has edited", async () => {
  const { PipelineSchedules } = gitlab.client;
  const { id } = await PipelineSchedules.create(PROJECTS.sopsloop, "drift", "main", "0 3 * * *");
  await pipelines.success(await pipelines.play(id));
  await loop.vault.send("PUT", `sys/policies/acl/${FLUX_POLICY}`, {
    policy: 'path "a" { capabilities = ["read"] }',
  });
  await expect(pipelines.success(await pipelines.play(id))).rejects.toThrow(/sopsloop-drift-review/);
});

test("neither comments nor traces hold a token", async () => {
  const jobs = await gitlab.client.Jobs.all(PROJECTS.sopsloop);
  expect(jobs.length).toBeGreaterThanOrEqual(6);
  const traces = await Promise.all(jobs.map(({ id }) => gitlab.client.Jobs.showLog(PROJECTS.sopsloop, id)));
  for (const text of [...traces, ...(await notes()).map(({ body }) => body)])
    expect(text).not.toMatch(TOKENS);
});
