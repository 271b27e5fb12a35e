import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../../sandbox/processes/until";
import { type TestGitLab, testGitLab } from "./support/test-gitlab";

/** Jobs whose traces tell what they were given; tokens go into artifacts, since a trace would mask them. */
const CI_FILE = `
who:
  timeout: 20m
  id_tokens:
    VAULT_ID_TOKEN: { aud: https://vault.example.com }
  rules:
    - if: $CI_PIPELINE_SOURCE == "trigger" || $CI_PIPELINE_SOURCE == "schedule" || $CI_PIPELINE_SOURCE == "push"
  script:
    - printf %s "$VAULT_ID_TOKEN" > token
    - echo "source $CI_PIPELINE_SOURCE secret $SECRET key \${KEY:-none}"
  artifacts: { paths: [token] }
check:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script: [ 'echo "request $CI_MERGE_REQUEST_IID"' ]
push:
  rules:
    - if: $CI_PIPELINE_SOURCE == "api"
  script:
    - git config user.name job && git config user.email job@example.com
    - echo 1 > by-job && git add by-job && git commit -qm "By the job"
    - git -c credential.helper='!f() { echo username=gitlab-ci-token; echo password=$CI_JOB_TOKEN; }; f' push -q origin HEAD:$CI_COMMIT_BRANCH
`;

let server: TestGitLab;
let api: ReturnType<TestGitLab["client"]>;
let jobs: () => Promise<void>;

async function finished(pipelineId: number): Promise<string> {
  await jobs();
  return (await api.Pipelines.show(101, pipelineId)).status;
}

async function jobOf(pipelineId: number) {
  const [job] = await api.Jobs.all(101, { pipelineId });
  if (!job) throw new Error(`pipeline ${pipelineId} has no job`);
  return { job, trace: (await api.Jobs.showLog(101, job.id)) as string };
}

/** Settings that gitbeaker's types do not have so far. */
async function set(settings: object): Promise<void> {
  const answer = await server.ask("PUT", "/api/v4/projects/101", {
    token: server.tokens.bot,
    body: settings,
  });
  expect(answer.status).toBe(200);
}

async function newest(source: string) {
  const [pipeline] = await api.Pipelines.all(101, { source: source as "push" });
  return pipeline;
}

beforeAll(async () => {
  server = await testGitLab({ pipelinesPerMinute: 4 });
  api = server.client(server.tokens.bot);
  jobs = () => server.gitlab.core.runner.idle();
  const secret = { environmentScope: "*", masked: true, protected: true } as const;
  await api.ProjectVariables.create(101, "SECRET", "only-for-protected", secret);
  await api.Commits.create(101, "main", "Begin", [
    { action: "create", filePath: ".gitlab-ci.yml", content: CI_FILE },
  ]);
  await jobs();
});
afterAll(() => server.close());

describe("a push", () => {
  it("starts a pipeline whose job has an ID token that the published keys prove", async () => {
    const pipeline = await newest("push");
    expect(await finished(pipeline?.id ?? 0)).toBe("success");
    const { job, trace } = await jobOf(pipeline?.id ?? 0);
    expect(trace).toContain("source push secret [MASKED]");
    const path = `/api/v4/projects/101/jobs/${job.id}/artifacts/token`;
    const token = await (await server.ask("GET", path, { token: server.tokens.bot })).text();
    const configuration = await server.ask("GET", "/.well-known/openid-configuration");
    const { issuer, jwks_uri: uri } = (await configuration.json()) as { issuer: string; jwks_uri: string };
    const keys = createRemoteJWKSet(new URL(uri), {
      [customFetch]: (url: string) => server.ask("GET", new URL(url).pathname),
    });
    const options = { issuer, audience: "https://vault.example.com" };
    const { payload } = await jwtVerify(token, keys, options);
    expect(payload).toMatchObject({
      sub: "project_path:platform/deploy:ref_type:branch:ref:main",
      project_id: "101",
      ref_protected: "true",
      pipeline_source: "push",
      user_login: "sopsloop-bot",
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(20 * 60);
  });

  it("of an unprotected branch gets neither protected variables nor a claim of protection", async () => {
    await api.Branches.create(101, "topic", "main");
    const pipeline = await newest("push");
    expect(pipeline?.ref).toBe("topic");
    expect(await finished(pipeline?.id ?? 0)).toBe("success");
    const { job, trace } = await jobOf(pipeline?.id ?? 0);
    expect(trace).toMatch(/source push secret +key none/);
    const path = `/api/v4/projects/101/jobs/${job.id}/artifacts/token`;
    const token = await (await server.ask("GET", path, { token: server.tokens.bot })).text();
    expect(decodeJwt(token)).toMatchObject({ ref: "topic", ref_protected: "false" });
  });
});

describe("a trigger token", () => {
  it("starts a pipeline; variables only where the project lets its owner set them", async () => {
    const { token } = await api.PipelineTriggerTokens.create(101, "relay");
    const ask = (body: object) =>
      server.ask("POST", "/api/v4/projects/101/trigger/pipeline", { body: { token, ref: "main", ...body } });
    const refused = await ask({ variables: { KEY: "k" } });
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { message: { base: ["Insufficient permissions to set pipeline variables"] } },
    ]);
    const unknown = await ask({ ref: "nowhere" });
    expect(await unknown.json()).toEqual({ message: { base: ["Reference not found"] } });
    await set({ ci_pipeline_variables_minimum_override_role: "maintainer" });
    const made = (await (await ask({ variables: { KEY: "k" } })).json()) as { id: number; source: string };
    expect(made.source).toBe("trigger");
    expect(await finished(made.id)).toBe("success");
    expect((await jobOf(made.id)).trace).toContain("source trigger secret [MASKED] key k");
  });

  it("meets the limit of pipelines a minute for one commit", async () => {
    const { token } = await api.PipelineTriggerTokens.create("platform/app", "limited");
    await api.Commits.create(102, "main", "Begin", [
      { action: "create", filePath: ".gitlab-ci.yml", content: "one: { script: ['true'], when: manual }\n" },
    ]);
    const start = () =>
      server.ask("POST", "/api/v4/projects/102/trigger/pipeline", { body: { token, ref: "main" } });
    for (let n = 0; n < 4; n++) expect((await start()).status).toBe(201);
    const limited = await start();
    expect([limited.status, await limited.json()]).toEqual([
      400,
      { message: { base: ["Too many pipelines created in the last minute. Try again later."] } },
    ]);
  });
});

it("plays a schedule as its owner", async () => {
  const { id } = await api.PipelineSchedules.create(101, "sweep", "main", "0 3 * * *");
  await api.PipelineSchedules.run(101, id);
  const what = "the schedule's pipeline";
  const pipeline = await until(() => newest("schedule"), { what, timeoutMs: 60_000 });
  expect(await finished(pipeline.id)).toBe("success");
  expect((await jobOf(pipeline.id)).trace).toContain("source schedule");
});

it("starts a merge request's pipeline when it is opened and at each push to it", async () => {
  const { iid } = await api.MergeRequests.create(101, "topic", "main", "Topic");
  await api.Commits.create(101, "topic", "More", [{ action: "create", filePath: "m", content: "m" }]);
  const made = await api.MergeRequests.allPipelines(101, iid);
  expect(made).toHaveLength(2);
  expect(await finished(made[0]?.id ?? 0)).toBe("success");
  expect((await jobOf(made[0]?.id ?? 0)).trace).toContain(`request ${iid}`);
});

it("lets a job push by its own token where the project allows it, tells hooks, and starts no pipeline", async () => {
  const heard: { event: string | undefined; token: string | undefined; after: string }[] = [];
  const receiver = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      const { "x-gitlab-event": event, "x-gitlab-token": token } = request.headers;
      heard.push({ event: event?.toString(), token: token?.toString(), after: JSON.parse(text).after });
      response.end();
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const { port } = receiver.address() as AddressInfo;
  await api.ProjectHooks.add(101, `http://127.0.0.1:${port}/hook`, { token: "hook-secret" });
  try {
    const refused = await api.Pipelines.create(101, "main");
    expect(await finished(refused.id)).toBe("failed");
    expect((await jobOf(refused.id)).trace).toContain("403");
    await set({ ci_push_repository_for_job_token_allowed: true });
    const pushes = (await api.Pipelines.all(101, { source: "push" })).length;
    const pushing = await api.Pipelines.create(101, "main");
    expect(await finished(pushing.id)).toBe("success");
    const [commit] = await api.Commits.all(101);
    expect(commit?.title).toBe("By the job");
    // The hook begins a moment after the push was answered.
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    await server.gitlab.core.hooks.idle();
    expect(heard).toEqual([{ event: "Push Hook", token: "hook-secret", after: commit?.id }]);
    expect((await api.Pipelines.all(101, { source: "push" })).length).toBe(pushes);
  } finally {
    receiver.close();
  }
});
