import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ROLE } from "../../sandbox/emulators/gitlab/model";
import { APP, APP_FILES, APP_ID, commitToApp, letAppIn, VALUES } from "./support/app-project";
import { DEPLOY, type JobEnd } from "./support/deploy-project";
import { DeployRepository } from "./support/deploy-repository";
import { expectCleanTraces } from "./support/traces";

const DATABASE = "apps/shop/secrets/database.sops.yaml";
const OTHER_STAGE = "staging-value-0f4c";
/** One of another environment, which is none of this job's business. */
const VARIABLES = [
  ...Object.entries(VALUES).map(([name, value]) => ({ name, value, environment: APP.environment })),
  { name: "REPLICA_URL", value: OTHER_STAGE, environment: "staging" },
];

let deploy: DeployRepository;
let first: JobEnd;

beforeAll(async () => {
  deploy = await DeployRepository.create();
  await letAppIn(deploy, VARIABLES);
  const { ".gitlab-ci.yml": ciFile = "", ...others } = APP_FILES;
  await commitToApp(deploy, others);
  // The first pipeline of the app.
  first = await started(() => commitToApp(deploy, { ".gitlab-ci.yml": ciFile }));
});
afterAll(() => deploy.close());
afterEach(() => {
  const plain = VARIABLES.map(({ value }) => value);
  const base64 = plain.map((value) => Buffer.from(value).toString("base64"));
  expectCleanTraces(deploy.server, [...plain, ...base64]);
});

/** The chart job that an event in the app's project sets off by way of the app's own job. */
async function started(event: () => Promise<unknown>): Promise<JobEnd> {
  return deploy.onlyJob(await deploy.pipelineAfter("pipeline", event), "chart");
}

const appPipeline = (ref = "main") => deploy.api.Pipelines.create(APP_ID, ref);
const byHand = async () => deploy.onlyJob(await deploy.runByHand(), "chart");

/** The values of a Secret on the server, by who may decrypt. */
async function secretAt(path: string): Promise<Record<string, string>> {
  await deploy.pull();
  const { data } = parse(deploy.tree.decrypt(path)) as { data: Record<string, string> };
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString("utf8")]),
  );
}

async function chartText(): Promise<string> {
  await deploy.pull();
  return deploy.tree.read("apps/shop/chart.yaml");
}

describe("the chart job, started by the app's pipeline through its job token", () => {
  test("pushes the chart and its Secrets, encrypted, in one commit", async () => {
    expect(first.trace).toContain("Pushed to refs/heads/main.");
    expect(first.status).toBe("success");
    expect(await deploy.subjects()).toEqual(["Chart shop: 4 files", "Begin"]);
    expect(await secretAt(DATABASE)).toEqual({ username: VALUES.DB_USER, password: VALUES.DB_PASSWORD });
    expect(await secretAt("apps/shop/secrets/api.sops.yaml")).toEqual({ key: VALUES.API_KEY });
    expect(await chartText()).toContain("name: shop, namespace: shop");
    expect(parse(deploy.tree.read("apps/shop/kustomization.yaml")).resources).toEqual([
      "chart.yaml",
      "secrets/api.sops.yaml",
      "secrets/database.sops.yaml",
    ]);
    // The app's clone, and what only this job's folder held, is not in it.
    expect(deploy.tree.git("ls-files").split("\n")).not.toContainEqual(
      expect.stringContaining("sopsloop-app"),
    );
  });

  test("makes no commit where nothing has changed, by the app or by hand", async () => {
    const before = await deploy.subjects();
    for (const job of [await started(appPipeline), await byHand()])
      expect([job.status, job.trace.includes("apps/shop is as it should be")]).toEqual(["success", true]);
    expect(await deploy.subjects()).toEqual(before);
  });

  test("encrypts anew just the Secret whose variable has changed, also after a rewrap", async () => {
    await deploy.vault.rotate();
    expect(await deploy.onlyJob(await deploy.trigger(), "rewrap")).toMatchObject({ status: "success" });
    await deploy.pull();
    const before = deploy.tree.git("rev-parse", "HEAD");
    const filter = { environment_scope: APP.environment };
    await deploy.api.ProjectVariables.edit(DEPLOY, "API_KEY", "key-changed-c41d", { filter });
    expect((await byHand()).status).toBe("success");
    expect(await secretAt("apps/shop/secrets/api.sops.yaml")).toEqual({ key: "key-changed-c41d" });
    expect(deploy.tree.git("diff", "--name-only", before, "HEAD")).toBe("apps/shop/secrets/api.sops.yaml");
  });

  test("takes the branch of the app that the caller names", async () => {
    await started(() => deploy.api.Branches.create(APP_ID, "release/1.2", "main"));
    const content = "message: of the release\nreplicas: 3\n";
    const change = { action: "update", filePath: "chart/values.yaml", content } as const;
    const push = () => deploy.api.Commits.create(APP_ID, "release/1.2", "Release", [change]);
    expect((await started(push)).status).toBe("success");
    expect(await chartText()).toContain('message: "of the release"\n  replicas: "3"');
  });

  test("gives the chart files of values, one of them of Dhall", async () => {
    const files = deploy.pipelineFiles();
    const into = '      into: "apps/shop"\n'.replaceAll('"', "");
    const changed = files[".gitlab-ci.yml"]?.replace(
      into,
      `${into}      values: production.yaml production.dhall\n`,
    );
    expect(changed).not.toBe(files[".gitlab-ci.yml"]);
    await deploy.jobs(
      await deploy.pipelineAfter("push", () => deploy.publish({ ".gitlab-ci.yml": changed ?? "" })),
    );
    expect((await byHand()).status).toBe("success");
    expect(await chartText()).toContain('message: "from Dhall"\n  replicas: "2"');
  });

  test("starts afresh where a person pushes first", async () => {
    const filter = { environment_scope: APP.environment };
    await deploy.api.ProjectVariables.edit(DEPLOY, "DB_USER", "shop-user-raced-2b", { filter });
    deploy.gate.arm();
    const id = await deploy.runByHand();
    await deploy.gate.before(() => deploy.publish({ "notes.md": "Theirs\n" }));
    const { status, trace } = await deploy.onlyJob(id, "chart");
    expect([status, trace.includes("at try 2.")]).toEqual(["success", true]);
    expect((await deploy.subjects()).slice(0, 2)).toEqual(["Chart shop: 1 file", "Theirs: notes.md"]);
    expect((await secretAt(DATABASE)).username).toBe("shop-user-raced-2b");
  });
});

describe("nothing is pushed", () => {
  test("where a variable is missing: the job says which", async () => {
    const before = await deploy.subjects();
    const filter = { environment_scope: APP.environment };
    await deploy.api.ProjectVariables.remove(DEPLOY, "DB_PASSWORD", { filter });
    const { status, trace } = await byHand();
    expect(status).toBe("failed");
    expect(trace).toContain("Secret shop/database, key password: DB_PASSWORD is not set; set it, or declare");
    expect(await deploy.subjects()).toEqual(before);
  });

  test("where the app does not let the deploy project in", async () => {
    const before = await deploy.subjects();
    await deploy.set("DELETE", `${APP_ID}/job_token_scope/allowlist/${DEPLOY}`);
    const { status, trace } = await byHand();
    expect([status, trace.includes("could not be found")]).toEqual(["failed", true]);
    expect(await deploy.subjects()).toEqual(before);
  });
});

describe("GitLab starts no chart job", () => {
  /** The app's own job, started by this user or by the bot. Its chart job is not there. */
  async function refused(api = deploy.api): Promise<JobEnd | undefined> {
    const before = deploy.pipelines("pipeline");
    const { id } = await api.Pipelines.create(APP_ID, "topic");
    const { deploy: job } = await deploy.jobs(id, APP_ID);
    expect(deploy.pipelines("pipeline")).toEqual(before);
    return job;
  }

  beforeAll(async () => {
    await started(() => deploy.api.Branches.create(APP_ID, "topic", "main"));
  });

  test("for somebody who may not merge into the deploy repository's branch", async () => {
    const { directory } = deploy.server.gitlab.core;
    const developer = directory.addUser("developer");
    for (const id of [DEPLOY, APP_ID]) {
      const project = directory.project(id);
      if (project) directory.setMember(project, developer, ROLE.developer);
    }
    const { token } = directory.addToken(developer, "theirs", ["api"]);
    const job = await refused(deploy.server.client(token));
    expect(job?.status).toBe("failed");
    expect(job?.trace).toContain("You do not have sufficient permission to run a pipeline on 'main'");
  });

  test("for a project that is not let in", async () => {
    await deploy.set("DELETE", `${DEPLOY}/job_token_scope/allowlist/${APP_ID}`);
    const job = await refused();
    expect([job?.status, job?.trace.includes("404 Not Found")]).toEqual(["failed", true]);
  });

  test("with pipeline variables, or with inputs that are none of its", async () => {
    const { token } = await deploy.api.PipelineTriggerTokens.create(DEPLOY, "other");
    const ask = (body: object) =>
      deploy.server.ask("POST", `/api/v4/projects/${DEPLOY}/trigger/pipeline`, {
        body: { token, ref: "main", ...body },
      });
    for (const [body, told] of [
      [{ variables: { VAULT_ADDR: "https://evil.example.com" } }, "Insufficient permissions to set pipeline"],
      [{ inputs: { "app-ref": "main; curl evil" } }, "does not match required RegEx pattern"],
      [{ inputs: { namespace: "kube-system" } }, "unknown input arguments: namespace"],
    ] as const) {
      const answer = await ask(body);
      expect([answer.status, JSON.stringify(await answer.json()).includes(told)]).toEqual([400, true]);
    }
  });
});
