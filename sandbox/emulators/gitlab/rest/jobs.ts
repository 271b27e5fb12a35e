import { readFileSync } from "node:fs";
import { Hono } from "hono";
import { z } from "zod";
import { type Json, type Project, ROLE } from "../model";
import type { CiJob } from "../pipelines/contract";
import { forbidden, notFound, unauthorized } from "./refusal";
import { type Ask, callerOf, type Env, numberOf, page, paramsOf, projectOf } from "./request";

const variable = z.object({ key: z.string(), value: z.string() });
const playing = z.object({ job_variables_attributes: z.array(variable).default([]) });
const mode = z.object({
  process_mode: z.enum(["unordered", "oldest_first", "newest_first", "newest_ready_first"]),
});

/** Jobs, their traces and artifacts, and the resource groups they wait for. */
export const jobs = new Hono<Env>()
  .get("/job", (c) => {
    const { job } = callerOf(c, true);
    if (!job) throw unauthorized();
    return c.json(jobJson(c, job));
  })
  .get("/projects/:id/jobs", (c) => {
    const { id } = projectOf(c);
    const all = c.get("core").store.tables.jobs.filter(({ projectId }) => projectId === id);
    return page(
      c,
      all.toReversed().map((job) => jobJson(c, job)),
    );
  })
  .get("/projects/:id/jobs/:job", (c) => c.json(jobJson(c, jobOf(c).job)))
  .get("/projects/:id/jobs/:job/trace", (c) => c.text(c.get("core").runner.trace(jobOf(c).job.id)))
  .get("/projects/:id/jobs/:job/artifacts/:path{.+}", (c) => {
    const { job } = jobOf(c);
    const found = job.artifacts.find(
      ({ type, path }) => type === "archive" && path === `archive/${c.req.param("path")}`,
    );
    if (!found) throw notFound();
    const bytes = readFileSync(c.get("core").runner.artifact(job.id, found.path));
    return c.body(new Uint8Array(bytes), 200, { "Content-Type": "application/octet-stream" });
  })
  .post("/projects/:id/jobs/:job/cancel", async (c) => {
    const { job } = jobOf(c, ROLE.developer);
    await c.get("core").runner.cancelJob(job.id);
    return c.json(jobJson(c, job), 201);
  })
  .post("/projects/:id/jobs/:job/retry", (c) => {
    const { job } = jobOf(c, ROLE.developer);
    const next = c.get("core").runner.retryJob(job.id);
    if (!next) throw forbidden("Job is not retryable");
    return c.json(jobJson(c, next), 201);
  })
  .post("/projects/:id/jobs/:job/play", async (c) => {
    const { job, project } = jobOf(c, ROLE.developer);
    const { access, directory, runner } = c.get("core");
    const { user } = callerOf(c);
    if (
      !access.mayUpdate(project, user, refOf(c, job)) &&
      !access.mayUpdate(project, user, refOf(c, job), "merge")
    )
      throw forbidden();
    const { job_variables_attributes: given } = await paramsOf(c, playing);
    const variables = given.map(({ key, value }) => ({ key, value, variableType: "env_var" as const }));
    const played = runner.play(job.id, directory.ciUser(user), variables);
    if (!played) throw notFound("Unplayable Job");
    return c.json(jobJson(c, played), 200);
  })
  .get("/projects/:id/resource_groups", (c) => {
    const { id } = projectOf(c);
    const all = c.get("core").store.tables.resourceGroups.filter(({ projectId }) => projectId === id);
    return page(
      c,
      all.map(({ id, key, processMode }) => ({ id, key, process_mode: processMode })),
    );
  })
  .put("/projects/:id/resource_groups/:key", async (c) => {
    const { id } = projectOf(c, ROLE.developer);
    const { process_mode: processMode } = await paramsOf(c, mode);
    const group = c
      .get("core")
      .store.tables.resourceGroups.find((one) => one.projectId === id && one.key === c.req.param("key"));
    if (!group) throw notFound("Resource Group");
    group.processMode = processMode;
    return c.json({ id: group.id, key: group.key, process_mode: processMode });
  });

/** A job as the API tells it. */
export function jobJson(c: Ask, job: CiJob): Json {
  const { store, directory, address } = c.get("core");
  const project = directory.project(job.projectId);
  const pipeline = store.tables.pipelines.find(({ id }) => id === job.pipelineId);
  return {
    id: job.id,
    name: job.name,
    stage: job.stage,
    status: job.status,
    ref: pipeline?.ref ?? "",
    tag: pipeline?.tag ?? false,
    allow_failure: job.allowFailure,
    failure_reason: job.failureReason ?? null,
    created_at: job.createdAt,
    started_at: job.startedAt ?? null,
    finished_at: job.finishedAt ?? null,
    tag_list: job.tags,
    artifacts: job.artifacts.map(({ type, path, size }) => ({ file_type: type, filename: path, size })),
    pipeline: pipeline
      ? {
          id: pipeline.id,
          iid: pipeline.iid,
          project_id: job.projectId,
          sha: pipeline.sha,
          status: pipeline.status,
        }
      : null,
    user: { id: job.user.id, username: job.user.username },
    web_url: project ? `${address}/${directory.pathOf(project)}/-/jobs/${job.id}` : "",
  };
}

function jobOf(c: Ask, least?: number): { job: CiJob; project: Project } {
  const project = projectOf(c, least);
  const id = numberOf(c, "job");
  const job = c.get("core").store.tables.jobs.find((one) => one.id === id && one.projectId === project.id);
  if (!job) throw notFound();
  return { job, project };
}

function refOf(c: Ask, job: CiJob): string {
  return c.get("core").store.tables.pipelines.find(({ id }) => id === job.pipelineId)?.ref ?? "";
}
