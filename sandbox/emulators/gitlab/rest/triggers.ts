import { Hono } from "hono";
import { z } from "zod";
import { newTriggerToken } from "../access/secrets";
import { type Json, type Project, ROLE, type Trigger } from "../model";
import { pipelineJson } from "./pipelines";
import { badRequest, forbidden, invalid, notFound } from "./refusal";
import { type Ask, bodyOf, callerOf, type Env, numberOf, page, paramsOf, projectOf } from "./request";
import { userJson } from "./users";

const described = z.object({ description: z.string() });
const SHOWN = 4;

/** Trigger tokens, and the one thing they are good for. */
export const triggers = new Hono<Env>()
  .get("/projects/:id/triggers", (c) => {
    const project = projectOf(c, ROLE.maintainer);
    const all = c.get("core").store.tables.triggers.filter(({ projectId }) => projectId === project.id);
    return page(
      c,
      all.map((trigger) => triggerJson(c, trigger)),
    );
  })
  .post("/projects/:id/triggers", async (c) => {
    const project = projectOf(c, ROLE.maintainer);
    const { description } = await paramsOf(c, described);
    const { store } = c.get("core");
    const now = new Date().toISOString();
    const trigger: Trigger = {
      id: store.nextId(),
      projectId: project.id,
      ownerId: callerOf(c).user.id,
      token: newTriggerToken(),
      createdAt: now,
      description,
      updatedAt: now,
      lastUsed: null,
    };
    store.tables.triggers.push(trigger);
    return c.json(triggerJson(c, trigger), 201);
  })
  .get("/projects/:id/triggers/:trigger", (c) => c.json(triggerJson(c, triggerOf(c))))
  .put("/projects/:id/triggers/:trigger", async (c) => {
    const trigger = triggerOf(c);
    const { description } = await paramsOf(c, described.partial());
    if (trigger.ownerId !== callerOf(c).user.id && !callerOf(c).user.admin) throw forbidden();
    trigger.description = description ?? trigger.description;
    trigger.updatedAt = new Date().toISOString();
    return c.json(triggerJson(c, trigger));
  })
  .delete("/projects/:id/triggers/:trigger", (c) => {
    const trigger = triggerOf(c);
    const { tables } = c.get("core").store;
    tables.triggers = tables.triggers.filter((one) => one !== trigger);
    return c.body(null, 204);
  })
  .post("/projects/:id/trigger/pipeline", startPipeline)
  .post("/projects/:id/ref/:ref/trigger/pipeline", startPipeline);

async function startPipeline(c: Ask) {
  if (c.req.header("x-gitlab-event") === "Pipeline Hook")
    throw forbidden("webhook requests are not allowed to trigger pipelines");
  const body: Record<string, unknown> = { ...c.req.query(), ...(await bodyOf(c)) };
  const ref = body.ref ?? c.req.param("ref");
  const { token, variables = {}, inputs = {} } = body;
  const missing = Object.entries({ ref, token }).filter(([, value]) => typeof value !== "string");
  if (missing.length > 0) throw badRequest(missing.map(([name]) => `${name} is missing`).join(", "));
  const values = Object.entries(variables as Record<string, unknown>);
  if (values.some(([, value]) => typeof value !== "string"))
    throw invalid("variables needs to be a map of key-valued strings");
  const given = values.map(([key, value]) => ({
    key,
    value: String(value),
    variableType: "env_var" as const,
  }));
  const { directory, starter } = c.get("core");
  const project = directory.project(c.req.param("id") ?? "");
  const holder = project && holderOf(c, project, String(token));
  // Nobody is told whether the project or the token is the wrong one.
  if (project === undefined || holder === undefined) throw notFound();
  const { token: _secret, ...payload } = body;
  const told = { key: "TRIGGER_PAYLOAD", value: JSON.stringify(payload), variableType: "file" as const };
  const pipeline = await starter.start({
    project,
    user: directory.user(holder.userId),
    ref: String(ref),
    source: holder.trigger ? "trigger" : "pipeline",
    variables: given,
    ownVariables: [told],
    inputs: inputs as Record<string, Json>,
    ...(holder.trigger && { trigger: holder.trigger }),
  });
  if (holder.trigger) holder.trigger.lastUsed = new Date().toISOString();
  return c.json(pipelineJson(c, pipeline), 201);
}

/** A trigger token acts for its owner; a job token, for its job's user. */
function holderOf(
  c: Ask,
  project: Project,
  token: string,
): { userId: number; trigger?: Trigger } | undefined {
  const { store, access } = c.get("core");
  const trigger = store.tables.triggers.find((one) => one.token === token && one.projectId === project.id);
  if (trigger) return { userId: trigger.ownerId, trigger };
  const caller = access.callerOf(token);
  if (caller?.job === undefined || !access.letsJobIn(project, caller.job)) return undefined;
  return { userId: caller.user.id };
}

function triggerOf(c: Ask): Trigger {
  const project = projectOf(c, ROLE.maintainer);
  const id = numberOf(c, "trigger");
  const found = c
    .get("core")
    .store.tables.triggers.find((trigger) => trigger.id === id && trigger.projectId === project.id);
  if (!found) throw notFound("Trigger");
  return found;
}

/** Only its owner sees the token in full. */
function triggerJson(c: Ask, trigger: Trigger): Json {
  const { id, token, description, createdAt, updatedAt, lastUsed, ownerId } = trigger;
  const own = callerOf(c).user.id === ownerId;
  const start = "glptt-".length;
  return {
    id,
    token: own ? token : token.slice(start, start + SHOWN),
    description,
    created_at: createdAt,
    updated_at: updatedAt,
    deleted_at: null,
    last_used: lastUsed,
    expires_at: null,
    owner: userJson(c.get("core").directory.user(ownerId)),
  };
}
