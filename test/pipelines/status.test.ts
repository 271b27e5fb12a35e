import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { secret } from "../cli/rewrap/support/sops-repository";
import { DEPLOY, type JobEnd } from "./support/deploy-project";
import { DeployRepository, FILE } from "./support/deploy-repository";
import { expectCleanTraces } from "./support/traces";

const REPORT = "codequality/gl-code-quality-report.json";

interface Issue {
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

let deploy: DeployRepository;
let branch: string;
let count = 0;

beforeAll(async () => {
  deploy = await DeployRepository.create();
});
afterAll(() => deploy.close());
beforeEach(() => {
  branch = `change-${++count}`;
});
afterEach(() => expectCleanTraces(deploy.server));

/** The status job that an event of the merge request sets off. */
async function jobAfter(event: () => Promise<unknown>): Promise<JobEnd> {
  return deploy.onlyJob(await deploy.pipelineAfter("merge_request_event", event), "status");
}

/** Opens a merge request for what the branch holds. */
function request(): Promise<JobEnd> {
  return jobAfter(() => deploy.api.MergeRequests.create(DEPLOY, branch, "main", "A change"));
}

function issuesOf(job: JobEnd): Issue[] {
  return JSON.parse(job.artifact(REPORT)) as Issue[];
}

describe("the status job of a merge request", () => {
  test("is content with a Secret that is encrypted as the rules say", async () => {
    deploy.tree.encryptByRules("apps/base/other.sops.yaml", secret("other"));
    const encrypted = deploy.tree.read("apps/base/other.sops.yaml");
    await deploy.publish({ "apps/base/other.sops.yaml": encrypted }, branch);
    const job = await request();
    expect([job.status, issuesOf(job)]).toEqual(["success", []]);
  });

  test("fails for a Secret in plain text, and tells where, until it is encrypted", async () => {
    const path = "apps/base/plain.sops.yaml";
    await deploy.publish({ [path]: secret("plain") }, branch);
    const failed = await request();
    expect(failed.status).toBe("failed");
    expect(failed.trace).toContain(path);
    expect(issuesOf(failed)).toContainEqual(
      expect.objectContaining({
        check_name: expect.stringContaining("plaintext-secret"),
        fingerprint: expect.stringMatching(/^[0-9a-f]{32,}$/),
        location: { path, lines: { begin: expect.any(Number) } },
      }),
    );
    expect(failed.trace).not.toContain("alpha-plain");
    deploy.tree.encryptByRules(path, secret("plain"));
    const encrypted = deploy.tree.read(path);
    const mended = await jobAfter(() => deploy.publish({ [path]: encrypted }, branch));
    expect([mended.status, issuesOf(mended)]).toEqual(["success", []]);
  });

  test("tells which files a rotated key has left behind, with its right to read about the key alone", async () => {
    await deploy.vault.rotate();
    await deploy.publish({ "notes.md": "A note\n" }, branch);
    const job = await request();
    expect(job.status).toBe("failed");
    expect(issuesOf(job)).toContainEqual(
      expect.objectContaining({
        check_name: expect.stringContaining("stale"),
        location: expect.objectContaining({ path: FILE }),
      }),
    );
  });
});

test("what is merged is looked at too, and no job of another kind runs for a push", async () => {
  expect(await deploy.onlyJob(await deploy.trigger(), "rewrap")).toMatchObject({ status: "success" });
  const push = () => deploy.publish({ "notes.md": "Another note\n" });
  const job = await deploy.onlyJob(await deploy.pipelineAfter("push", push), "status");
  expect([job.status, issuesOf(job)]).toEqual(["success", []]);
});
