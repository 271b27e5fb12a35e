import { Cron } from "croner";
import { Hono } from "hono";
import { z } from "zod";
import { type Json, ROLE, type Schedule } from "../model";
import { pipelineJson } from "./pipelines";
import { forbidden, invalid, notFound } from "./refusal";
import { type Ask, callerOf, type Env, flag, numberOf, page, paramsOf, projectOf } from "./request";
import { userJson } from "./users";

const input = z.object({ name: z.string(), value: z.json().optional(), destroy: flag.optional() });
const creation = z.object({
  description: z.string(),
  ref: z.string(),
  cron: z.string(),
  cron_timezone: z.string().default("UTC"),
  active: flag.default(true),
  inputs: z.array(input).max(20).default([]),
});
const change = z.object({
  description: z.string().optional(),
  ref: z.string().optional(),
  cron: z.string().optional(),
  cron_timezone: z.string().optional(),
  active: flag.optional(),
  inputs: z.array(input).max(20).optional(),
});
const kind = z.enum(["env_var", "file"]);
const newVariable = z.object({ key: z.string(), value: z.string(), variable_type: kind.default("env_var") });
const changedVariable = z.object({ value: z.string().optional(), variable_type: kind.optional() });

/** Pipeline schedules. */
export const schedules = new Hono<Env>()
  .get("/projects/:id/pipeline_schedules", (c) => {
    const project = projectOf(c, ROLE.developer);
    const all = c.get("core").store.tables.schedules.filter(({ projectId }) => projectId === project.id);
    return page(
      c,
      all.map((schedule) => scheduleJson(c, schedule, false)),
    );
  })
  .post("/projects/:id/pipeline_schedules", async (c) => {
    const project = projectOf(c, ROLE.developer);
    const wanted = await paramsOf(c, creation);
    const { store } = c.get("core");
    const now = new Date().toISOString();
    const schedule: Schedule = {
      id: store.nextId(),
      projectId: project.id,
      createdAt: now,
      ownerId: callerOf(c).user.id,
      description: wanted.description,
      ref: inFull(wanted.ref),
      cron: wanted.cron,
      cronTimezone: wanted.cron_timezone,
      active: wanted.active,
      updatedAt: now,
      nextRunAt: nextRun(wanted.cron, wanted.cron_timezone),
      lastPipelineId: null,
      variables: [],
      inputs: wanted.inputs.map(({ name, value = "" }) => ({ name, value: value as Json })),
    };
    mayUseRef(c, schedule.ref);
    store.tables.schedules.push(schedule);
    return c.json(scheduleJson(c, schedule, true), 201);
  })
  .get("/projects/:id/pipeline_schedules/:schedule", (c) => c.json(scheduleJson(c, scheduleOf(c), true)))
  .put("/projects/:id/pipeline_schedules/:schedule", async (c) => {
    const schedule = ownSchedule(c);
    const wanted = await paramsOf(c, change);
    const { cron = schedule.cron, cron_timezone: timezone = schedule.cronTimezone, inputs = [] } = wanted;
    schedule.nextRunAt = nextRun(cron, timezone);
    if (wanted.ref !== undefined) mayUseRef(c, inFull(wanted.ref));
    schedule.description = wanted.description ?? schedule.description;
    schedule.ref = wanted.ref === undefined ? schedule.ref : inFull(wanted.ref);
    schedule.cron = cron;
    schedule.cronTimezone = timezone;
    schedule.active = wanted.active ?? schedule.active;
    // Inputs that the request does not name stay.
    for (const { name, value = "", destroy = false } of inputs) {
      schedule.inputs = schedule.inputs.filter((one) => one.name !== name);
      if (!destroy) schedule.inputs.push({ name, value: value as Json });
    }
    schedule.updatedAt = new Date().toISOString();
    return c.json(scheduleJson(c, schedule, true));
  })
  .post("/projects/:id/pipeline_schedules/:schedule/take_ownership", (c) => {
    const schedule = scheduleOf(c);
    projectOf(c, ROLE.maintainer);
    schedule.ownerId = callerOf(c).user.id;
    return c.json(scheduleJson(c, schedule, true), 201);
  })
  .delete("/projects/:id/pipeline_schedules/:schedule", (c) => {
    const schedule = ownSchedule(c);
    const { tables } = c.get("core").store;
    tables.schedules = tables.schedules.filter((one) => one !== schedule);
    return c.body(null, 204);
  })
  .post("/projects/:id/pipeline_schedules/:schedule/play", (c) => {
    const schedule = scheduleOf(c);
    mayUseRef(c, schedule.ref);
    // GitLab starts it in the background: a refusal shows as a pipeline that never comes.
    void c
      .get("core")
      .starter.runSchedule(schedule)
      .catch(() => undefined);
    return c.json({ message: "201 Created" }, 201);
  })
  .get("/projects/:id/pipeline_schedules/:schedule/pipelines", (c) => {
    const { lastPipelineId } = scheduleOf(c);
    const found = c.get("core").store.tables.pipelines.filter(({ id }) => id === lastPipelineId);
    return page(
      c,
      found.map((pipeline) => pipelineJson(c, pipeline)),
    );
  })
  .post("/projects/:id/pipeline_schedules/:schedule/variables", async (c) => {
    const { variables } = ownSchedule(c);
    const { key, value, variable_type: variableType } = await paramsOf(c, newVariable);
    if (variables.some((one) => one.key === key)) throw invalid({ key: ["has already been taken"] });
    variables.push({ key, value, variableType });
    return c.json({ key, value, variable_type: variableType }, 201);
  })
  .put("/projects/:id/pipeline_schedules/:schedule/variables/:key", async (c) => {
    const variable = ownSchedule(c).variables.find(({ key }) => key === c.req.param("key"));
    if (!variable) throw notFound("Variable");
    const { value = variable.value, variable_type: type } = await paramsOf(c, changedVariable);
    variable.value = value;
    variable.variableType = type ?? variable.variableType;
    return c.json({ key: variable.key, value, variable_type: variable.variableType });
  })
  .delete("/projects/:id/pipeline_schedules/:schedule/variables/:key", (c) => {
    const schedule = ownSchedule(c);
    const gone = schedule.variables.find(({ key }) => key === c.req.param("key"));
    if (!gone) throw notFound("Variable");
    schedule.variables = schedule.variables.filter((one) => one !== gone);
    return c.json({ key: gone.key, value: gone.value, variable_type: gone.variableType }, 202);
  });

/** When a schedule runs next. Refused as GitLab does where it cannot be read. */
export function nextRun(cron: string, timezone: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
  } catch {
    throw invalid({ cron_timezone: ["syntax is invalid"] });
  }
  try {
    if (cron.trim().split(/\s+/).length !== 5) throw new Error("five fields");
    const next = new Cron(cron, { timezone, paused: true }).nextRun();
    if (next) return next.toISOString();
  } catch {
    // Told below, like a time that never comes.
  }
  throw invalid({ cron: ["syntax is invalid"] });
}

function inFull(ref: string): string {
  return /^refs\/(heads|tags)\//.test(ref) ? ref : `refs/heads/${ref}`;
}

function mayUseRef(c: Ask, ref: string): void {
  const project = projectOf(c, ROLE.developer);
  const branch = ref.replace(/^refs\/heads\//, "");
  const { access } = c.get("core");
  const { user } = callerOf(c);
  const may = access.mayUpdate(project, user, branch) || access.mayUpdate(project, user, branch, "merge");
  if (!ref.startsWith("refs/tags/") && !may) throw forbidden();
}

function scheduleOf(c: Ask): Schedule {
  const project = projectOf(c, ROLE.developer);
  const id = numberOf(c, "schedule");
  const found = c
    .get("core")
    .store.tables.schedules.find((schedule) => schedule.id === id && schedule.projectId === project.id);
  if (!found) throw notFound("Pipeline Schedule");
  return found;
}

/** A schedule runs as its owner, so only the owner (or an administrator) may say what it runs. */
function ownSchedule(c: Ask): Schedule {
  const schedule = scheduleOf(c);
  const { user } = callerOf(c);
  if (schedule.ownerId !== user.id && !user.admin) throw forbidden();
  return schedule;
}

function scheduleJson(c: Ask, schedule: Schedule, whole: boolean): Json {
  const { store, directory } = c.get("core");
  const last = store.tables.pipelines.find(({ id }) => id === schedule.lastPipelineId);
  return {
    id: schedule.id,
    description: schedule.description,
    ref: schedule.ref,
    cron: schedule.cron,
    cron_timezone: schedule.cronTimezone,
    next_run_at: schedule.nextRunAt,
    active: schedule.active,
    created_at: schedule.createdAt,
    updated_at: schedule.updatedAt,
    owner: userJson(directory.user(schedule.ownerId)),
    ...(whole && {
      last_pipeline: last ? { id: last.id, sha: last.sha, ref: last.ref, status: last.status } : null,
      variables: schedule.variables.map(({ key, value, variableType }) => ({
        key,
        value,
        variable_type: variableType,
        raw: false,
      })),
      inputs: schedule.inputs,
    }),
  };
}
