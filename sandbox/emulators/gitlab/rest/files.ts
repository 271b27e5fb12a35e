import { createHash } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { afterPush } from "../events";
import { type Project, ROLE } from "../model";
import { type FileChange, NO_COMMIT, Repository, type TreeEntry } from "../repository/repository";
import { commitJson } from "./branches";
import { badRequest, forbidden, invalid, notFound } from "./refusal";
import { type Ask, callerOf, type Env, flag, paramsOf, projectOf } from "./request";

const about = {
  branch: z.string(),
  commit_message: z.string(),
  start_branch: z.string().optional(),
  author_name: z.string().optional(),
  author_email: z.string().optional(),
  last_commit_id: z.string().optional(),
};
const encoding = z.enum(["text", "base64"]).default("text");
const written = z.object({ ...about, content: z.string(), encoding, execute_filemode: flag.optional() });
const removed = z.object(about);
const action = z.object({
  action: z.enum(["create", "update", "delete", "chmod", "move"]),
  file_path: z.string(),
  previous_path: z.string().optional(),
  content: z.string().optional(),
  encoding,
  execute_filemode: flag.optional(),
  last_commit_id: z.string().optional(),
});
const commit = z.object({ ...about, actions: z.array(action).min(1) });
type Action = z.infer<typeof action>;
type About = z.infer<typeof removed>;

const MOVED = "Could not update refs/heads/main. Please refresh and try again.";

/** Files of a repository, and commits of several of them. */
export const files = new Hono<Env>()
  .get("/projects/:id/repository/files/:path/raw", async (c) => {
    const { repository, entry } = await fileOf(c);
    return c.body(new Uint8Array(await repository.blob(entry.id)), 200, { "Content-Type": "text/plain" });
  })
  .get("/projects/:id/repository/files/:path", async (c) => {
    const { repository, entry, sha, ref } = await fileOf(c);
    const content = await repository.blob(entry.id);
    const [last] = await repository.log(sha, 1, entry.path);
    return c.json({
      file_name: entry.path.split("/").slice(-1)[0] ?? entry.path,
      file_path: entry.path,
      size: content.length,
      encoding: "base64",
      content: content.toString("base64"),
      content_sha256: createHash("sha256").update(content).digest("hex"),
      ref,
      blob_id: entry.id,
      commit_id: sha,
      last_commit_id: last?.id ?? sha,
      execute_filemode: entry.mode === "100755",
    });
  })
  .post("/projects/:id/repository/files/:path", (c) => writeFile(c, "create"))
  .put("/projects/:id/repository/files/:path", (c) => writeFile(c, "update"))
  .delete("/projects/:id/repository/files/:path", async (c) => {
    const project = projectOf(c, ROLE.developer);
    const wanted = await paramsOf(c, removed);
    const path = c.req.param("path");
    await makeCommit(c, project, wanted, [
      { action: "delete", file_path: path, encoding: "text", last_commit_id: wanted.last_commit_id },
    ]);
    return c.body(null, 204);
  })
  .post("/projects/:id/repository/commits", async (c) => {
    const project = projectOf(c, ROLE.developer);
    const wanted = await paramsOf(c, commit);
    const sha = await makeCommit(c, project, wanted, wanted.actions);
    const [made] = await new Repository(project.repository).log(sha, 1);
    return c.json(made ? commitJson(made) : {}, 201);
  });

async function writeFile(c: Ask, kind: "create" | "update") {
  const project = projectOf(c, ROLE.developer);
  const { content, encoding, execute_filemode: executable, ...wanted } = await paramsOf(c, written);
  const path = c.req.param("path") ?? "";
  const { last_commit_id: last } = wanted;
  await makeCommit(c, project, wanted, [
    { action: kind, file_path: path, content, encoding, execute_filemode: executable, last_commit_id: last },
  ]);
  return c.json({ file_path: path, branch: wanted.branch }, kind === "create" ? 201 : 200);
}

/** Commits, and has GitLab do what it does after a push. */
async function makeCommit(
  c: Ask,
  project: Project,
  wanted: About,
  actions: readonly Action[],
): Promise<string> {
  const caller = callerOf(c);
  const core = c.get("core");
  const { branch } = wanted;
  if (!core.access.mayUpdate(project, caller.user, branch) || project.archived)
    throw forbidden(`You are not allowed to push into this branch`);
  const repository = new Repository(project.repository);
  const before = (await repository.refs()).get(`refs/heads/${branch}`);
  const start = wanted.start_branch ?? String(project.settings.default_branch);
  const parent = before ?? (await repository.commitOf(start)) ?? NO_COMMIT;
  const empty = (await repository.refs()).size === 0;
  if (before === undefined && wanted.start_branch === undefined && !empty)
    throw invalid("You can only create or edit files when you are on a branch");
  const changes: FileChange[] = [];
  for (const one of actions) changes.push(...(await changesOf(repository, parent, one)));
  const sha = await repository.commit({
    branch,
    parent,
    changes,
    message: wanted.commit_message,
    author: {
      name: wanted.author_name ?? caller.user.name,
      email: wanted.author_email ?? caller.user.email,
    },
    newBranch: before === undefined,
  });
  if (sha === undefined) throw invalid(MOVED.replace("main", branch));
  await afterPush(core, project, caller, [
    { ref: `refs/heads/${branch}`, before: before ?? NO_COMMIT, after: sha },
  ]);
  return sha;
}

async function changesOf(repository: Repository, parent: string, asked: Action): Promise<FileChange[]> {
  const {
    action: what,
    file_path: path,
    previous_path: from,
    content,
    encoding,
    last_commit_id: last,
  } = asked;
  if (/^\/|(?:^|\/)\.\.?(?:\/|$)|(?:^|\/)\.git(?:\/|$)/.test(path))
    throw badRequest("file_path should be a valid file path");
  const there = await entryOf(repository, parent, what === "move" ? (from ?? "") : path);
  if (what === "create") {
    if (there) throw invalid("A file with this name already exists");
  } else if (!there) throw invalid("A file with this name doesn't exist");
  if (there && last) {
    const [newest] = await repository.log(parent, 1, there.path);
    if (newest && newest.id !== last)
      throw invalid("You are attempting to update a file that has changed since you started editing it.");
  }
  if (what === "delete") return [{ path }];
  const kept = there ? await repository.blob(there.id) : Buffer.alloc(0);
  const bytes =
    content === undefined ? kept : Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
  const executable = asked.execute_filemode ?? there?.mode === "100755";
  const next: FileChange = { path, content: bytes, executable };
  return what === "move" && from !== undefined ? [{ path: from }, next] : [next];
}

async function entryOf(repository: Repository, sha: string, path: string): Promise<TreeEntry | undefined> {
  const entry = sha === NO_COMMIT ? undefined : await repository.entry(sha, path);
  return entry?.type === "blob" ? entry : undefined;
}

async function fileOf(c: Ask) {
  const { repository: folder, settings } = projectOf(c);
  const asked = c.req.query("ref");
  if (asked === undefined) throw badRequest("ref is missing");
  const ref = asked === "HEAD" ? String(settings.default_branch) : asked;
  const repository = new Repository(folder);
  const sha = await repository.commitOf(ref);
  if (sha === undefined) throw notFound("Commit");
  const entry = await entryOf(repository, sha, c.req.param("path") ?? "");
  if (!entry) throw notFound("File");
  return { repository, entry, sha, ref };
}
