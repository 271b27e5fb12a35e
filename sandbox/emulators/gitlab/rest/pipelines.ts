import { Hono } from "hono";
import { z } from "zod";
import { type Json, ROLE } from "../model";
import type { CiPipeline } from "../pipelines/contract";
import { Repository } from "../repository/repository";
import { jobJson } from "./jobs";
import { notFound } from "./refusal";
import { type Ask, callerOf, type Env, numberOf, page, paramsOf, projectOf } from "./request";

const variable = z.object({
  key: z.string(),
  value: z.string(),
  variable_type: z.enum(["env_var", "file"]).default("env_var"),
});
const creation = z.object({
  ref: z.string(),
  variables: z.array(variable).default([]),
  inputs: z.record(z.string(), z.json()).default({}),
});
const lint = z.object({ content: z.string() });
const FILTERS = ["ref", "sha", "status", "source", "name"] as const;

/** Pipelines. */
export const pipelines = new Hono<Env>()
  .get("/projects/:id/pipelines", (c) => {
    const { id } = projectOf(c);
    const wanted = FILTERS.flatMap((name) => {
      const value = c.req.query(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    const found = c
      .get("core")
      .store.tables.pipelines.filter(
        (one) => one.projectId === id && wanted.every(([name, value]) => one[name] === value),
      );
    const newest = c.req.query("sort") === "asc" ? found : found.toReversed();
    return page(
      c,
      newest.map((pipeline) => pipelineJson(c, pipeline)),
    );
  })
  .post("/projects/:id/pipeline", async (c) => {
    const project = projectOf(c, ROLE.developer);
    const { ref, variables, inputs } = await paramsOf(c, creation);
    const pipeline = await c.get("core").starter.start({
      project,
      user: callerOf(c).user,
      ref,
      source: "api",
      variables: variables.map(({ key, value, variable_type: variableType }) => ({
        key,
        value,
        variableType,
      })),
      inputs: inputs as Record<string, Json>,
    });
    return c.json(pipelineJson(c, pipeline), 201);
  })
  .get("/projects/:id/pipelines/:pipeline", (c) => {
    const number = c.req.param("pipeline");
    const { id } = projectOf(c);
    const all = c.get("core").store.tables.pipelines.filter(({ projectId }) => projectId === id);
    const found = number === "latest" ? all.at(-1) : pipelineOf(c);
    if (!found) throw notFound();
    return c.json(pipelineJson(c, found));
  })
  .get("/projects/:id/pipelines/:pipeline/jobs", (c) => {
    const { id } = pipelineOf(c);
    const retried = c.req.query("include_retried") === "true";
    const all = c
      .get("core")
      .store.tables.jobs.filter((job) => job.pipelineId === id && (retried || !job.retried));
    return page(
      c,
      all.map((job) => jobJson(c, job)),
    );
  })
  .get("/projects/:id/pipelines/:pipeline/bridges", (c) => {
    pipelineOf(c);
    return page(c, []);
  })
  .post("/projects/:id/pipelines/:pipeline/cancel", async (c) => {
    projectOf(c, ROLE.developer);
    const pipeline = pipelineOf(c);
    await c.get("core").runner.cancel(pipeline.id);
    return c.json(pipelineJson(c, pipeline), 200);
  })
  .post("/projects/:id/pipelines/:pipeline/retry", (c) => {
    projectOf(c, ROLE.developer);
    const pipeline = pipelineOf(c);
    c.get("core").runner.retry(pipeline.id);
    return c.json(pipelineJson(c, pipeline), 201);
  })
  .post("/projects/:id/ci/lint", async (c) => {
    const project = projectOf(c, ROLE.developer);
    const { content } = await paramsOf(c, lint);
    const { runner, directory } = c.get("core");
    const branch = String(project.settings.default_branch);
    const sha = await new Repository(project.repository).commitOf(branch);
    if (sha === undefined) throw notFound("Commit");
    const { valid, errors, warnings, mergedYaml } = await runner.lint({
      project: directory.ciProject(project),
      sha,
      content,
    });
    return c.json({ valid, errors, warnings, merged_yaml: mergedYaml ?? null });
  });

/** A pipeline as the API tells it. */
export function pipelineJson(c: Ask, pipeline: CiPipeline): Json {
  const { directory, address } = c.get("core");
  const project = directory.project(pipeline.projectId);
  const path = project ? directory.pathOf(project) : "";
  const { user } = pipeline;
  return {
    id: pipeline.id,
    iid: pipeline.iid,
    project_id: pipeline.projectId,
    name: pipeline.name ?? null,
    sha: pipeline.sha,
    ref: pipeline.mergeRequest ? `refs/merge-requests/${pipeline.mergeRequest.iid}/head` : pipeline.ref,
    status: pipeline.status,
    source: pipeline.source,
    created_at: pipeline.createdAt,
    updated_at: pipeline.updatedAt,
    started_at: pipeline.startedAt ?? null,
    finished_at: pipeline.finishedAt ?? null,
    before_sha: pipeline.beforeSha,
    tag: pipeline.tag,
    yaml_errors: pipeline.yamlErrors ?? null,
    user: { id: user.id, username: user.username, name: user.name },
    web_url: `${address}/${path}/-/pipelines/${pipeline.id}`,
  };
}

function pipelineOf(c: Ask): CiPipeline {
  const project = projectOf(c);
  const id = numberOf(c, "pipeline");
  const found = c
    .get("core")
    .store.tables.pipelines.find((pipeline) => pipeline.id === id && pipeline.projectId === project.id);
  if (!found) throw notFound();
  return found;
}
