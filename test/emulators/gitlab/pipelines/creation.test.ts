import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PipelineRequest } from "../../../../sandbox/emulators/gitlab/pipelines/contract";
import { Pipelines } from "./support/pipelines";
import { TestProject } from "./support/project";

const CI_FILE = `
spec:
  inputs:
    level:
      options: [low, high]
      default: low
---
include:
  - local: ci/push.yml
    inputs: { stage: check }
workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "web"
      when: never
    - if: $CI_PIPELINE_SOURCE == "trigger"
      variables: { KIND: by-trigger }
    - when: always
stages: [check, apply]
default:
  tags: [sandbox]
  timeout: 20 minutes
variables:
  LEVEL: $[[ inputs.level ]]
rewrap:
  stage: apply
  script: ["true"]
  timeout: 10 minutes
  resource_group: sops
  environment: { name: deploy/$CI_COMMIT_REF_SLUG, action: prepare }
  rules:
    - if: $CI_PIPELINE_SOURCE == "trigger" && $LEVEL == "high"
      variables: { HOW: thorough }
    - if: $CI_PIPELINE_SOURCE == "trigger"
      variables: { HOW: quick }
request:
  stage: check
  script: ["true"]
  rules:
    - if: $CI_MERGE_REQUEST_IID && $CI_COMMIT_BRANCH == null
`;

const PUSH_FILE = `
spec:
  inputs:
    stage:
---
changed:
  stage: $[[ inputs.stage ]]
  script: ["true"]
  rules:
    - if: $CI_PIPELINE_SOURCE == "push"
      changes: [secrets/**/*]
`;

describe("a new pipeline", () => {
  let pipelines: Pipelines;
  let first: string;
  let second: string;
  beforeAll(async () => {
    // No job runs here: what counts is which jobs there are.
    pipelines = await Pipelines.start({ concurrency: 0 });
    const { repository } = pipelines;
    first = await repository.commit({ ".gitlab-ci.yml": CI_FILE, "ci/push.yml": PUSH_FILE });
    second = await repository.commit({ "secrets/a/b.yaml": "x: 1\n" });
  });
  afterAll(() => pipelines.stop());

  const create = (sha: string, rest: Partial<PipelineRequest> = {}) =>
    pipelines.runner.create(pipelines.request(sha, rest));
  const names = (id: number) => pipelines.runner.jobs(id).map(({ name }) => name);

  test("has the jobs whose rules hold, with what the CI file says of them", async () => {
    const pipeline = await create(second);
    expect(pipeline).toMatchObject({ status: "pending", source: "trigger", protectedRef: true, iid: 1 });
    expect(pipelines.runner.jobs(pipeline.id)).toMatchObject([
      {
        name: "rewrap",
        stage: "apply",
        status: "pending",
        resourceGroup: "sops",
        environment: "deploy/main",
        environmentAction: "prepare",
        timeout: 600,
        ownTimeout: true,
        tags: ["sandbox"],
      },
    ]);
  });

  test("compares a push with what was there before", async () => {
    expect(names((await create(second, { source: "push", beforeSha: first })).id)).toEqual(["changed"]);
    await expect(create(first, { source: "push", beforeSha: second })).resolves.toBeDefined();
    const third = await pipelines.repository.commit({ "docs/a.md": "text\n" });
    await expect(create(third, { source: "push", beforeSha: second })).rejects.toThrow(
      "Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.",
    );
  });

  test("of a merge request has no branch of its own", async () => {
    const sha = await pipelines.repository.commit({ "secrets/c.yaml": "x: 2\n" }, { branch: "topic" });
    const mergeRequest = {
      id: 501,
      iid: 1,
      title: "Topic",
      sourceBranch: "topic",
      targetBranch: "main",
      labels: [],
    };
    const ref = "refs/merge-requests/1/head";
    const pipeline = await create(sha, { source: "merge_request_event", ref, mergeRequest });
    expect(names(pipeline.id)).toEqual(["request"]);
    expect(pipeline.protectedRef).toBe(false);
  });

  test("is refused in GitLab's words, and leaves no files behind", async () => {
    await expect(create(second, { source: "web" })).rejects.toThrow(
      "Pipeline filtered out by workflow rules.",
    );
    await expect(create("0".repeat(39).concat("1"))).rejects.toThrow("Reference not found");
    await expect(create(second, { inputs: { level: "middle" } })).rejects.toThrow(
      "`.gitlab-ci.yml`: `level` input: `middle` cannot be used because it is not in the list of allowed options",
    );
    await expect(create(second, { inputs: { lvl: "low" } })).rejects.toThrow(
      "`.gitlab-ci.yml`: unknown input arguments: lvl",
    );
    expect(readdirSync(pipelines.plans)).toEqual([]);
  });

  test("fails at once after a push of a CI file that breaks GitLab's schema; the API refuses it", async () => {
    const sha = await pipelines.repository.commit(
      { ".gitlab-ci.yml": "a:\n  script: ['true']\n  retries: 3\n" },
      { branch: "broken" },
    );
    const message = /'retries' property is not expected to be here at a/;
    await expect(create(sha, { ref: "broken" })).rejects.toThrow(message);
    const pipeline = await create(sha, { ref: "broken", source: "push" });
    expect(pipeline).toMatchObject({ status: "failed", yamlErrors: expect.stringMatching(message) });
    expect(names(pipeline.id)).toEqual([]);
  });

  test("may include a component of another project", async () => {
    const url = "https://127.0.0.1:13443/platform/catalog.git";
    const catalog = await TestProject.create(pipelines.folder("catalog"), { url });
    const component = PUSH_FILE.replace("changed:", "scan:").replace("push", "api");
    await catalog.commit({ "templates/scan.yml": component });
    pipelines.host.known = [catalog.project];
    const include =
      "include: [{component: $CI_SERVER_FQDN/platform/catalog/scan@main, inputs: {stage: test}}]\n";
    const sha = await pipelines.repository.commit({ ".gitlab-ci.yml": include }, { branch: "catalog" });
    const pipeline = await create(sha, { source: "api", ref: "catalog" });
    expect(names(pipeline.id)).toEqual(["scan"]);
  });

  test("is skipped for a commit that asks for it", async () => {
    const sha = await pipelines.repository.commit({}, { branch: "quiet", message: "Notes [skip ci]" });
    await expect(create(sha, { source: "push", ref: "quiet" })).resolves.toMatchObject({ status: "skipped" });
  });
});

describe("the lint endpoint's check", () => {
  let pipelines: Pipelines;
  beforeAll(async () => {
    pipelines = await Pipelines.start({ concurrency: 0 });
  });
  afterAll(() => pipelines.stop());

  test("merges what a good file includes, and says what is wrong with a bad one", async () => {
    const { project } = pipelines.repository;
    const sha = await pipelines.repository.commit({ ".gitlab-ci.yml": CI_FILE, "ci/push.yml": PUSH_FILE });
    const good = await pipelines.runner.lint({ project, sha });
    expect(good).toMatchObject({ valid: true, errors: [] });
    expect(good.mergedYaml).toContain("changed:\n  stage: check\n");

    const content = "a:\n  script: ['true']\n  stage: nowhere\n";
    const bad = await pipelines.runner.lint({ project, sha, content });
    expect(bad).toEqual({ valid: false, errors: ["stage:nowhere not found for a"], warnings: [] });
  });
});
