import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { gitlabProvider } from "../../../sandbox/providers/gitlab/provider";
import { PluginClient } from "../plugin-client";
import { RecordedGitLab } from "./recorded-gitlab";

const token = (name: string) => `gitlab:index/${name}:${name[0]?.toUpperCase()}${name.slice(1)}`;
const TRIGGER = token("pipelineTrigger");
const SCHEDULE = token("pipelineSchedule");
const SCHEDULE_VARIABLE = token("pipelineScheduleVariable");

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

describe("a pipeline trigger", () => {
  const inputs = { project: "platform/deploy", description: "relay" };
  const path = "projects/platform%2Fdeploy/triggers";

  it("keeps the token that GitLab told when it was made, whatever a later reader is told", async () => {
    gitlab.answers(`POST ${path}`, {
      status: 201,
      body: { id: 7, token: "glptt-whole", description: "relay" },
    });
    gitlab.answers(`GET ${path}/7`, { body: { id: 7, token: "glpt", description: "relay" } });
    const made = await plugin.create(TRIGGER, inputs);
    expect(made.id).toBe("platform/deploy:7");
    expect(made.outputs).toEqual({ ...inputs, pipelineTriggerId: 7, token: "glptt-whole" });
    expect([...plugin.secretOutputs]).toEqual(["token"]);
    expect(gitlab.headers[0]).toMatchObject({ authorization: "Bearer glpat-of-the-test" });

    expect((await plugin.read(TRIGGER, made))?.outputs.token).toBe("glptt-whole");
    expect((await plugin.read(TRIGGER, made.id))?.outputs.token).toBeUndefined();
    gitlab.answers(`PUT ${path}/7`, { body: { id: 7 } });
    gitlab.taken();
    await plugin.update(TRIGGER, made, { ...inputs, description: "new" });
    expect(gitlab.taken()[0]).toEqual({ line: `PUT ${path}/7`, body: { description: "new" } });
  });

  it("is another one in another project, made before the old one goes", async () => {
    const old = { id: "a:1", inputs, outputs: { ...inputs, pipelineTriggerId: 1, token: "t" } };
    const diff = await plugin.diff(TRIGGER, old, { ...inputs, project: "platform/app" });
    expect([diff.replaces, diff.deleteBeforeReplace]).toEqual([["project"], false]);
  });

  it("shows its token as not known yet in a preview", async () => {
    expect(await plugin.previewCreate(TRIGGER, { ...inputs, description: UNKNOWN })).toEqual({
      project: inputs.project,
      description: UNKNOWN,
    });
  });
});

describe("a pipeline schedule", () => {
  const inputs = { project: "101", description: "sweep", ref: "refs/heads/main", cron: "0 1 * * *" };
  const live = { ...inputs, cron_timezone: "UTC", active: true, owner: { id: 3 } };

  it("tells GitLab of the inputs that have to go", async () => {
    const one = { name: "mode", value: "all" };
    gitlab.answers("POST projects/101/pipeline_schedules", { status: 201, body: { id: 4 } });
    const typed = { ...live, inputs: [one, { name: "limits", value: ["a", "b"] }] };
    gitlab.answers("GET projects/101/pipeline_schedules/4", { body: typed });
    gitlab.answers("PUT projects/101/pipeline_schedules/4", { body: {} });
    const made = await plugin.create(SCHEDULE, {
      ...inputs,
      inputs: [one, { name: "limits", value: "a,b" }],
    });
    expect(made.outputs).toMatchObject({
      pipelineScheduleId: 4,
      owner: 3,
      takeOwnership: false,
      active: true,
    });
    expect((await plugin.diff(SCHEDULE, made, made.inputs)).changed).toBe(false);

    gitlab.taken();
    await plugin.update(SCHEDULE, made, { ...inputs, inputs: [one] });
    const put = gitlab.taken().find(({ line }) => line.startsWith("PUT"));
    expect(put?.body).toMatchObject({
      inputs: [one, { name: "limits", destroy: true }],
      cron_timezone: "UTC",
    });
  });

  it("with takeOwnership, another owner is drift, and the update takes it back first", async () => {
    const path = "projects/101/pipeline_schedules/4";
    gitlab.answers("GET user", { body: { id: 3 } });
    gitlab.answers(`GET ${path}`, { body: live }, { body: { ...live, owner: { id: 9 } } });
    gitlab.answers("POST projects/101/pipeline_schedules", { status: 201, body: { id: 4 } });
    const wanted = { ...inputs, takeOwnership: true };
    const made = await plugin.create(SCHEDULE, wanted);
    expect(made.outputs).toMatchObject({ takeOwnership: true, owner: 3 });
    const drifted = await plugin.read(SCHEDULE, made);
    expect(drifted?.outputs).toMatchObject({ takeOwnership: false, owner: 9 });
    if (drifted === undefined) return;
    expect((await plugin.diff(SCHEDULE, drifted, made.inputs)).detailed).toEqual({ takeOwnership: "UPDATE" });
    gitlab.answers(`POST ${path}/take_ownership`, { status: 201, body: live });
    gitlab.answers(`PUT ${path}`, { body: live });
    gitlab.answers(`GET ${path}`, { body: live });
    gitlab.taken();
    await plugin.update(SCHEDULE, drifted, wanted);
    const lines = gitlab.taken().map(({ line }) => line);
    expect(lines.filter((line) => !line.startsWith("GET"))).toEqual([
      `POST ${path}/take_ownership`,
      `PUT ${path}`,
    ]);
  });
});

it("a schedule's variable is read from its schedule", async () => {
  const path = "projects/101/pipeline_schedules/4";
  const inputs = { project: "101", pipelineScheduleId: 4, key: "MODE", value: "all" };
  gitlab.answers(`POST ${path}/variables`, { status: 201, body: {} });
  gitlab.answers(
    `GET ${path}`,
    { body: { variables: [{ key: "MODE", value: "all", variable_type: "env_var" }] } },
    { body: { variables: [] } },
    { status: 404, body: { message: "404 Not Found" } },
  );
  const made = await plugin.create(SCHEDULE_VARIABLE, inputs);
  expect(made.id).toBe("101:4:MODE");
  expect(gitlab.taken()[0]?.body).toEqual({ key: "MODE", value: "all", variable_type: "env_var" });
  expect(await plugin.read(SCHEDULE_VARIABLE, made)).toBeUndefined();
  expect(await plugin.read(SCHEDULE_VARIABLE, made)).toBeUndefined();
});
