import { Hono } from "hono";
import { z } from "zod";
import { afterPush, mergeRequestPipeline } from "../events";
import { type Json, type MergeRequest, ROLE } from "../model";
import { PipelineRefused } from "../pipelines/pipeline-refused";
import { Repository } from "../repository/repository";
import { pipelineJson } from "./pipelines";
import { forbidden, invalid, notFound, Refusal } from "./refusal";
import { type Ask, callerOf, type Env, flag, numberOf, page, paramsOf, projectOf } from "./request";
import { userJson } from "./users";

const labels = z.union([z.string(), z.array(z.string())]);
const creation = z.object({
  source_branch: z.string(),
  target_branch: z.string(),
  title: z.string(),
  description: z.string().default(""),
  labels: labels.optional(),
});
const change = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  labels: labels.optional(),
  state_event: z.enum(["close", "reopen"]).optional(),
});
const merging = z.object({
  merge_commit_message: z.string().optional(),
  sha: z.string().optional(),
  should_remove_source_branch: flag.optional(),
});

/** Merge requests within one project. */
export const mergeRequests = new Hono<Env>()
  .get("/projects/:id/merge_requests", (c) => {
    const { id } = projectOf(c);
    const { state = "all", source_branch: source } = c.req.query();
    const found = c
      .get("core")
      .store.tables.mergeRequests.filter(
        (one) =>
          one.projectId === id &&
          (state === "all" || one.state === state) &&
          (source === undefined || one.sourceBranch === source),
      );
    return page(
      c,
      found.toReversed().map((one) => mergeRequestJson(c, one)),
    );
  })
  .post("/projects/:id/merge_requests", async (c) => {
    const project = projectOf(c, ROLE.developer);
    const wanted = await paramsOf(c, creation);
    const core = c.get("core");
    const { tables } = core.store;
    const mine = tables.mergeRequests.filter(({ projectId }) => projectId === project.id);
    const { source_branch: sourceBranch, target_branch: targetBranch } = wanted;
    const twin = mine.find((one) => one.sourceBranch === sourceBranch && one.state === "opened");
    if (twin)
      throw new Refusal(409, {
        message: [`Another open merge request already exists for this source branch: !${twin.iid}`],
      });
    const refs = await new Repository(project.repository).refs();
    const sha = refs.get(`refs/heads/${sourceBranch}`);
    if (sha === undefined) throw invalid([`Source branch "${sourceBranch}" does not exist`]);
    if (!refs.has(`refs/heads/${targetBranch}`))
      throw invalid([`Target branch "${targetBranch}" does not exist`]);
    const now = new Date().toISOString();
    const made: MergeRequest = {
      id: core.store.nextId(),
      iid: Math.max(0, ...mine.map(({ iid }) => iid)) + 1,
      projectId: project.id,
      authorId: callerOf(c).user.id,
      sourceBranch,
      targetBranch,
      createdAt: now,
      title: wanted.title,
      description: wanted.description,
      labels: listOf(wanted.labels),
      state: "opened",
      sha,
      mergeCommitSha: null,
      updatedAt: now,
    };
    tables.mergeRequests.push(made);
    await mergeRequestPipeline(core, project, callerOf(c).user, made).catch((error: unknown) => {
      if (!(error instanceof PipelineRefused)) throw error;
    });
    return c.json(mergeRequestJson(c, made), 201);
  })
  .get("/projects/:id/merge_requests/:iid", (c) => c.json(mergeRequestJson(c, mergeRequestOf(c))))
  .put("/projects/:id/merge_requests/:iid", async (c) => {
    projectOf(c, ROLE.developer);
    const one = mergeRequestOf(c);
    const wanted = await paramsOf(c, change);
    one.title = wanted.title ?? one.title;
    one.description = wanted.description ?? one.description;
    if (wanted.labels !== undefined) one.labels = listOf(wanted.labels);
    if (wanted.state_event !== undefined) one.state = wanted.state_event === "close" ? "closed" : "opened";
    one.updatedAt = new Date().toISOString();
    return c.json(mergeRequestJson(c, one));
  })
  .get("/projects/:id/merge_requests/:iid/raw_diffs", async (c) => {
    const { repository } = projectOf(c);
    const { targetBranch, sha } = mergeRequestOf(c);
    const git = new Repository(repository);
    const base = await git.mergeBase(`refs/heads/${targetBranch}`, sha);
    return c.text(base === undefined ? "" : await git.diff(base, sha));
  })
  .get("/projects/:id/merge_requests/:iid/pipelines", (c) => {
    const { id } = mergeRequestOf(c);
    const found = c.get("core").store.tables.pipelines.filter(({ mergeRequest }) => mergeRequest?.id === id);
    return page(
      c,
      found.toReversed().map((pipeline) => pipelineJson(c, pipeline)),
    );
  })
  .put("/projects/:id/merge_requests/:iid/merge", async (c) => {
    const project = projectOf(c, ROLE.developer);
    const one = mergeRequestOf(c);
    const wanted = await paramsOf(c, merging);
    const core = c.get("core");
    const caller = callerOf(c);
    if (!core.access.mayUpdate(project, caller.user, one.targetBranch, "merge"))
      throw new Refusal(401, { message: "401 Unauthorized" });
    if (one.state !== "opened" || !pipelineAllows(c, one))
      throw new Refusal(405, { message: "405 Method Not Allowed" });
    if (wanted.sha !== undefined && wanted.sha !== one.sha)
      throw new Refusal(409, { message: `SHA does not match HEAD of source branch: ${one.sha}` });
    const repository = new Repository(project.repository);
    const target = `refs/heads/${one.targetBranch}`;
    const before = (await repository.refs()).get(target);
    if (before === undefined) throw forbidden();
    const message =
      wanted.merge_commit_message ??
      `Merge branch '${one.sourceBranch}' into '${one.targetBranch}'\n\n${one.title}`;
    const sha = await repository.merge(before, one.sha, message, caller.user);
    if (sha === undefined || !(await repository.moveRef(target, sha, before)))
      throw new Refusal(422, { message: "Branch cannot be merged" });
    one.state = "merged";
    one.mergeCommitSha = sha;
    if (wanted.should_remove_source_branch) await repository.deleteRef(`refs/heads/${one.sourceBranch}`);
    await afterPush(core, project, caller, [{ ref: target, before, after: sha }]);
    return c.json(mergeRequestJson(c, one));
  });

/** The merge request of the path. */
export function mergeRequestOf(c: Ask): MergeRequest {
  const project = projectOf(c);
  const iid = numberOf(c, "iid");
  const found = c
    .get("core")
    .store.tables.mergeRequests.find((one) => one.iid === iid && one.projectId === project.id);
  if (!found) throw notFound();
  return found;
}

function pipelineAllows(c: Ask, { sha }: MergeRequest): boolean {
  if (projectOf(c).settings.only_allow_merge_if_pipeline_succeeds !== true) return true;
  const last = c.get("core").store.tables.pipelines.findLast((pipeline) => pipeline.sha === sha);
  return last?.status === "success";
}

function listOf(labels: string | readonly string[] | undefined): string[] {
  if (labels === undefined) return [];
  return typeof labels === "string" ? labels.split(",").filter((one) => one !== "") : [...labels];
}

function mergeRequestJson(c: Ask, one: MergeRequest): Json {
  const { directory, address } = c.get("core");
  const project = directory.project(one.projectId);
  return {
    id: one.id,
    iid: one.iid,
    project_id: one.projectId,
    source_project_id: one.projectId,
    target_project_id: one.projectId,
    title: one.title,
    description: one.description,
    state: one.state,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    source_branch: one.sourceBranch,
    target_branch: one.targetBranch,
    labels: one.labels,
    sha: one.sha,
    merge_commit_sha: one.mergeCommitSha,
    author: userJson(directory.user(one.authorId)),
    web_url: project ? `${address}/${directory.pathOf(project)}/-/merge_requests/${one.iid}` : "",
  };
}
