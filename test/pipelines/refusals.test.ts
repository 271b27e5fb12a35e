import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { main } from "../../cli/program";
import { type Claims, Issuer } from "../../sandbox/emulators/gitlab/oidc/issuer";
import type { PipelineSource } from "../../sandbox/emulators/gitlab/pipelines/contract";
import { recordedIo } from "../cli/rewrap/support/recorded-io";
import { DEPLOY, type JobEnd } from "./support/deploy-project";
import { DeployRepository, FILE } from "./support/deploy-repository";
import { componentText } from "./support/documented";
import { type JobName, roleOf } from "./support/job-roles";
import { expectCleanTraces } from "./support/traces";

const OTHER = 102;

let deploy: DeployRepository;

beforeAll(async () => {
  deploy = await DeployRepository.create();
  await deploy.vault.rotate();
});
afterAll(() => deploy.close());
afterEach(() => expectCleanTraces(deploy.server));

/** A component whose job runs for other sources than its own: what somebody may write who may change CI files. */
function componentFor(job: JobName, ...sources: readonly PipelineSource[]): Readonly<Record<string, string>> {
  const rules = sources.map((source) => `    - if: $CI_PIPELINE_SOURCE == "${source}"`).join("\n");
  const text = componentText(job);
  // Without waiting for the status job, which is not content here.
  const changed = text.replace(/^ {2}rules:\n(?: {4}- .*\n)+/m, `  needs: []\n  rules:\n${rules}\n`);
  expect(changed).not.toBe(text);
  return { [`.gitlab/sopsloop/${job}.yml`]: changed };
}

/** The job was not let in, says which claim did not fit, and has pushed nothing. */
function expectRefused({ status, trace }: JobEnd, role: JobName, claim: RegExp): void {
  expect(status).toBe("failed");
  const told = `Vault at ${deploy.vault.address} refuses this job for role "${roleOf(role)}" of auth/gitlab: `;
  expect(trace).toContain(told);
  expect(trace.slice(trace.indexOf(told) + told.length)).toMatch(claim);
}

const claimed = (...names: readonly string[]) =>
  new RegExp(`^claim "(${names.join("|")})" of its ID token is not`);

describe("the real Vault refuses a rewrap", () => {
  let before: string[];
  beforeAll(async () => {
    before = await deploy.subjects();
  });
  afterEach(async () => expect((await deploy.subjects()).filter((line) => /^Rewrap/.test(line))).toEqual([]));

  test("of an unprotected branch, whose CI file says that it is the one", async () => {
    await deploy.publish(deploy.pipelineFiles({}, "topic"), "topic");
    const job = await deploy.onlyJob(await deploy.trigger("topic"), "rewrap");
    expectRefused(job, "rewrap", claimed("ref", "ref_protected"));
    expect(before).toEqual(await deploy.subjects());
  });

  test("of another project with the same CI file, on a protected branch of its own", async () => {
    const files = { ...deploy.pipelineFiles(), [FILE]: deploy.tree.read(FILE) };
    const actions = Object.entries(files).map(([filePath, content]) => ({
      action: "create" as const,
      filePath,
      content,
    }));
    await deploy.api.Commits.create(OTHER, "main", "The same", actions);
    await deploy.tellCa(OTHER);
    const job = await deploy.onlyJob(await deploy.trigger("main", OTHER), "rewrap", OTHER);
    expectRefused(job, "rewrap", claimed("project_id"));
  });

  test.each([
    ["push", () => deploy.pipelineAfter("push", () => deploy.publish({ "notes.md": "One more\n" }))],
    ["web", () => deploy.runByHand()],
    ["api", async () => (await deploy.api.Pipelines.create(DEPLOY, "main")).id],
  ] as const)("of a pipeline by %s, on the protected branch", async (source, start) => {
    const run = deploy.pipelineAfter("push", () => deploy.publish(componentFor("rewrap", source)));
    await deploy.jobs(await run);
    const jobs = await deploy.jobs(await start());
    const job = jobs["sopsloop-rewrap"];
    if (!job) throw new Error(`there is no rewrap job for ${source}`);
    expectRefused(job, "rewrap", claimed("pipeline_source"));
    await deploy.jobs(await deploy.pipelineAfter("push", () => deploy.publish(deploy.pipelineFiles())));
  });
});

describe("a job has its own role and no other", () => {
  test("neither rewrap nor status gets in by the other's, nor by the chart job's", async () => {
    const swapped = deploy.pipelineFiles({ rewrap: roleOf("status"), status: roleOf("rewrap") });
    const pushed = await deploy.pipelineAfter("push", () => deploy.publish(swapped));
    expectRefused(await deploy.onlyJob(pushed, "status"), "rewrap", claimed("pipeline_source"));
    const asStatus = await deploy.onlyJob(await deploy.trigger(), "rewrap");
    expectRefused(asStatus, "status", claimed("pipeline_source"));
    const asChart = deploy.pipelineFiles({ rewrap: roleOf("chart") });
    await deploy.jobs(await deploy.pipelineAfter("push", () => deploy.publish(asChart)));
    const job = await deploy.onlyJob(await deploy.trigger(), "rewrap");
    expectRefused(job, "chart", claimed("pipeline_source"));
  });

  test("what a role may not do, a job of the right source may not either: no file is rewrapped by the status job", async () => {
    const text = componentText("status").replace(
      /^ {4}- sopsloop status .*$/m,
      "    - sopsloop rewrap --push",
    );
    const files = { ...deploy.pipelineFiles(), ".gitlab/sopsloop/status.yml": text };
    const pushed = await deploy.pipelineAfter("push", () => deploy.publish(files));
    const { status, trace } = await deploy.onlyJob(pushed, "status");
    expect(status).toBe("failed");
    expect(trace).toContain(
      'does not let this token rewrap: its policy needs "update" on transit/rewrap/sops',
    );
  });

  test("a merge request that writes its own rewrap job gets no more than reading about the key", async () => {
    const [path = "", text = ""] = Object.entries(componentFor("rewrap", "merge_request_event"))[0] ?? [];
    // Without a push, for which such a branch has no place.
    const plain = text.replace(/ --push .*$/m, "");
    await deploy.publish({ ...deploy.pipelineFiles(), [path]: plain }, "greedy");
    const opened = () => deploy.api.MergeRequests.create(DEPLOY, "greedy", "main", "Greedy");
    const jobs = await deploy.jobs(await deploy.pipelineAfter("merge_request_event", opened));
    const job = jobs["sopsloop-rewrap"];
    if (!job) throw new Error("there is no rewrap job");
    expectRefused(job, "rewrap", claimed("ref", "ref_protected", "pipeline_source"));
  });
});

describe("an ID token", () => {
  const CLAIMS: Claims = {
    sub: "project_path:platform/deploy:ref_type:branch:ref:main",
    project_id: String(DEPLOY),
    ref: "main",
    ref_type: "branch",
    ref_protected: "true",
    pipeline_source: "trigger",
  };
  const LIFETIME = 300;

  /** `sopsloop rewrap --dry-run` as the rewrap job with this ID token. */
  async function inJob(token: string) {
    await deploy.pull();
    const { VAULT_TOKEN: _, ...env } = deploy.tree.env;
    const job = { VAULT_ID_TOKEN: token, VAULT_AUTH_PATH: "gitlab", VAULT_AUTH_ROLE: roleOf("rewrap") };
    const io = recordedIo(deploy.tree.folder, { ...env, ...job });
    const code = await main(["rewrap", "--dry-run"], io);
    expect(io.out + io.err).not.toMatch(/eyJ|hv[bs]\./);
    return { code, err: io.err };
  }

  test("that is right lets the job in: what follows is refused for one reason alone", async () => {
    const { issuer } = deploy.server.gitlab.core;
    expect(await inJob(await issuer.sign(CLAIMS, deploy.vault.address, LIFETIME))).toEqual({
      code: 0,
      err: "",
    });
  });

  test("that has expired is refused", async () => {
    const { issuer } = deploy.server.gitlab.core;
    const { code, err } = await inJob(await issuer.sign(CLAIMS, deploy.vault.address, -3600));
    expect([code, err.includes("its ID token has expired, or the clocks differ")]).toEqual([1, true]);
  });

  test("for another audience is refused", async () => {
    const { issuer } = deploy.server.gitlab.core;
    const { code, err } = await inJob(await issuer.sign(CLAIMS, "https://other.example.com", LIFETIME));
    expect([code, err.includes("the role is not bound to the ID token's audience")]).toEqual([1, true]);
  });

  test("that somebody else has signed, in GitLab's name, is refused", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-issuer-"));
    const forger = new Issuer(deploy.server.address, join(folder, "key.pem"));
    const { code, err } = await inJob(await forger.sign(CLAIMS, deploy.vault.address, LIFETIME));
    rmSync(folder, { recursive: true });
    expect([code, err.includes("it knows no key that signed the ID token")]).toEqual([1, true]);
  });
});
