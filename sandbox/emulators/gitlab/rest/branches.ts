import { Hono } from "hono";
import { z } from "zod";
import { afterPush } from "../events";
import { type Json, type Project, ROLE } from "../model";
import { type CommitInfo, NO_COMMIT, Repository } from "../repository/repository";
import { forbidden, invalid, notFound } from "./refusal";
import { type Ask, callerOf, type Env, page, paramsOf, projectOf } from "./request";

const creation = z.object({ branch: z.string(), ref: z.string() });

/** Branches, the tree, and the commits of a repository. */
export const branches = new Hono<Env>()
  .get("/projects/:id/repository/branches", async (c) => {
    const project = projectOf(c);
    const refs = await new Repository(project.repository).refs();
    const names = [...refs.keys()].filter((ref) => ref.startsWith("refs/heads/"));
    return page(
      c,
      await Promise.all(names.map((ref) => branchJson(c, project, ref.slice("refs/heads/".length)))),
    );
  })
  .post("/projects/:id/repository/branches", async (c) => {
    const project = projectOf(c, ROLE.developer);
    const { branch, ref } = await paramsOf(c, creation);
    const repository = new Repository(project.repository);
    const sha = await repository.commitOf(ref);
    if (sha === undefined) throw invalid("Invalid reference name");
    if (!/^[\w./-]+$/.test(branch)) throw invalid("Branch name is invalid");
    if (!(await repository.moveRef(`refs/heads/${branch}`, sha, NO_COMMIT)))
      throw invalid("Branch already exists");
    await afterPush(c.get("core"), project, callerOf(c), [
      { ref: `refs/heads/${branch}`, before: NO_COMMIT, after: sha },
    ]);
    return c.json(await branchJson(c, project, branch), 201);
  })
  .get("/projects/:id/repository/branches/:branch", async (c) => {
    const project = projectOf(c);
    const name = c.req.param("branch");
    if (!(await new Repository(project.repository).refs()).has(`refs/heads/${name}`))
      throw notFound("Branch");
    return c.json(await branchJson(c, project, name));
  })
  .delete("/projects/:id/repository/branches/:branch", async (c) => {
    const project = projectOf(c, ROLE.developer);
    const name = c.req.param("branch");
    const repository = new Repository(project.repository);
    const before = (await repository.refs()).get(`refs/heads/${name}`);
    if (before === undefined) throw notFound("Branch");
    if (c.get("core").access.protections(project, name).length > 0) throw forbidden();
    await repository.deleteRef(`refs/heads/${name}`);
    await afterPush(c.get("core"), project, callerOf(c), [
      { ref: `refs/heads/${name}`, before, after: NO_COMMIT },
    ]);
    return c.body(null, 204);
  })
  .get("/projects/:id/repository/tree", async (c) => {
    const { repository, settings } = projectOf(c);
    const git = new Repository(repository);
    const sha = await git.commitOf(c.req.query("ref") ?? String(settings.default_branch));
    if (sha === undefined) throw notFound("Tree");
    const path = c.req.query("path") ?? "";
    const found = await git.tree(sha, path === "" ? "" : `${path}/`, c.req.query("recursive") === "true");
    return page(
      c,
      found.map(({ id, type, path: full, mode }) => ({
        id,
        name: full.split("/").slice(-1)[0] ?? full,
        type,
        path: full,
        mode,
      })),
    );
  })
  .get("/projects/:id/repository/commits/:sha", async (c) => {
    const { repository } = projectOf(c);
    const git = new Repository(repository);
    const sha = await git.commitOf(c.req.param("sha"));
    const [commit] = sha === undefined ? [] : await git.log(sha, 1);
    if (!commit) throw notFound("Commit");
    return c.json(commitJson(commit));
  })
  .get("/projects/:id/repository/commits", async (c) => {
    const { repository, settings } = projectOf(c);
    const git = new Repository(repository);
    const sha = await git.commitOf(c.req.query("ref_name") ?? String(settings.default_branch));
    if (sha === undefined) return page(c, []);
    return page(c, (await git.log(sha, 1_000, c.req.query("path"))).map(commitJson));
  });

/** A commit as the API tells it. */
export function commitJson(commit: CommitInfo): { [name: string]: Json } {
  return {
    id: commit.id,
    short_id: commit.id.slice(0, 8),
    title: commit.message.split("\n")[0] ?? "",
    message: commit.message,
    parent_ids: commit.parentIds,
    author_name: commit.authorName,
    author_email: commit.authorEmail,
    authored_date: commit.authoredDate,
    committer_name: commit.authorName,
    committer_email: commit.authorEmail,
    committed_date: commit.committedDate,
    created_at: commit.committedDate,
  };
}

async function branchJson(c: Ask, project: Project, name: string): Promise<Json> {
  const { access } = c.get("core");
  const [commit] = await new Repository(project.repository).log(`refs/heads/${name}`, 1);
  const { user } = callerOf(c);
  return {
    name,
    merged: false,
    protected: access.protections(project, name).length > 0,
    developers_can_push: false,
    developers_can_merge: false,
    can_push: access.mayUpdate(project, user, name),
    default: project.settings.default_branch === name,
    commit: commit ? commitJson(commit) : null,
  };
}
