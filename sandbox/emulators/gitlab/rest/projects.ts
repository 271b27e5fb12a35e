import { Hono } from "hono";
import { z } from "zod";
import type { Core } from "../core";
import { type Json, type Project, ROLE } from "../model";
import { NO_COMMIT, Repository } from "../repository/repository";
import { byTodaysNames, settingsSchema } from "../store/project-settings";
import { forbidden, invalid, notFound } from "./refusal";
import {
  type Ask,
  bodyOf,
  callerOf,
  type Env,
  flag,
  integer,
  numberOf,
  page,
  paramsOf,
  projectOf,
} from "./request";
import { groupJson, userJson } from "./users";

const creation = z.object({
  name: z.string().optional(),
  path: z.string().optional(),
  namespace_id: integer.optional(),
  initialize_with_readme: flag.optional(),
});
const renaming = z.object({ name: z.string().optional(), path: z.string().optional() });
const member = z.object({ user_id: integer, access_level: integer });

/** Projects and their members. */
export const projects = new Hono<Env>()
  .get("/projects", (c) => {
    const { store, access } = c.get("core");
    const { user } = callerOf(c);
    const search = c.req.query("search") ?? "";
    const seen = store.tables.projects.filter(
      (project) => access.roleIn(project, user) >= ROLE.reporter && project.path.includes(search),
    );
    return page(
      c,
      seen.map((project) => projectJson(c.get("core"), project, false)),
    );
  })
  .post("/projects", async (c) => {
    const { directory, store } = c.get("core");
    const { user } = callerOf(c);
    const wanted = await paramsOf(c, creation);
    const path = wanted.path ?? wanted.name?.toLowerCase().replace(/[^a-z0-9_.-]+/g, "-");
    if (!path) throw invalid({ name: ["can't be blank"] });
    const group = store.tables.groups.find(
      ({ id }) => id === (wanted.namespace_id ?? store.tables.groups[0]?.id),
    );
    if (!group) throw notFound("Namespace");
    if (directory.project(`${group.path}/${path}`)) throw invalid({ path: ["has already been taken"] });
    const settings = await settingsOf(c);
    const project = await directory.addProject({
      group,
      path,
      name: wanted.name ?? path,
      defaultBranch: String(settings.default_branch ?? "main"),
    });
    Object.assign(project.settings, settings);
    directory.setMember(project, user, ROLE.owner);
    if (wanted.initialize_with_readme) await addReadme(c, project);
    return c.json(projectJson(c.get("core"), project), 201);
  })
  .get("/projects/:id", (c) => c.json(projectJson(c.get("core"), projectOf(c))))
  .put("/projects/:id", async (c) => {
    const project = projectOf(c, ROLE.maintainer);
    const { name, path } = await paramsOf(c, renaming);
    Object.assign(project.settings, await settingsOf(c));
    if (name !== undefined) project.name = name;
    if (path !== undefined) project.path = path;
    return c.json(projectJson(c.get("core"), project));
  })
  .put("/projects/:id/transfer", async (c) => {
    const project = projectOf(c, ROLE.owner);
    const { namespace } = await paramsOf(c, z.object({ namespace: z.union([integer, z.string()]) }));
    const group = c
      .get("core")
      .store.tables.groups.find(({ id, path }) => id === namespace || path === namespace);
    if (!group) throw notFound("Namespace");
    project.groupId = group.id;
    return c.json(projectJson(c.get("core"), project));
  })
  .post("/projects/:id/archive", (c) => archive(c, true))
  .post("/projects/:id/unarchive", (c) => archive(c, false))
  .delete("/projects/:id", (c) => {
    const project = projectOf(c, ROLE.owner);
    const { tables } = c.get("core").store;
    tables.projects = tables.projects.filter(({ id }) => id !== project.id);
    return c.json({ message: "202 Accepted" }, 202);
  })
  .get("/projects/:id/members/all", (c) => page(c, membersOf(c)))
  .get("/projects/:id/members", (c) => page(c, membersOf(c)))
  .post("/projects/:id/members", async (c) => {
    const project = projectOf(c, ROLE.maintainer);
    const { user_id: userId, access_level: level } = await paramsOf(c, member);
    const { directory, store } = c.get("core");
    if (!store.tables.users.some(({ id }) => id === userId)) throw notFound("User");
    directory.setMember(project, directory.user(userId), level);
    return c.json({ ...userJson(directory.user(userId)), access_level: level }, 201);
  })
  .delete("/projects/:id/members/:user", (c) => {
    const project = projectOf(c, ROLE.maintainer);
    const { tables } = c.get("core").store;
    const user = numberOf(c, "user");
    tables.members = tables.members.filter((one) => one.projectId !== project.id || one.userId !== user);
    return c.body(null, 204);
  });

/** A project as the API tells it. */
export function projectJson(core: Core, project: Project, settings = true): { [name: string]: Json } {
  const path = core.directory.pathOf(project);
  const group = core.directory.group(project.groupId);
  return {
    ...(settings ? project.settings : { default_branch: project.settings.default_branch ?? null }),
    id: project.id,
    name: project.name,
    path: project.path,
    name_with_namespace: `${group.path} / ${project.name}`,
    path_with_namespace: path,
    created_at: project.createdAt,
    archived: project.archived,
    visibility: project.settings.visibility ?? "private",
    namespace: groupJson(group),
    avatar_url: null,
    empty_repo: false,
    web_url: `${core.address}/${path}`,
    http_url_to_repo: core.directory.urlOf(project),
    ssh_url_to_repo: `git@${new URL(core.address).hostname}:${path}.git`,
    marked_for_deletion_on: null,
  };
}

async function settingsOf(c: Ask): Promise<Record<string, Json>> {
  const parsed = settingsSchema.safeParse(byTodaysNames(await bodyOf(c)));
  if (parsed.success) return parsed.data as Record<string, Json>;
  const [issue] = parsed.error.issues;
  throw invalid({ [String(issue?.path[0])]: [issue?.code === "custom" ? issue.message : "is invalid"] });
}

function archive(c: Ask, archived: boolean) {
  const project = projectOf(c, ROLE.owner);
  project.archived = archived;
  return c.json(projectJson(c.get("core"), project), 201);
}

function membersOf(c: Ask): Json[] {
  const project = projectOf(c);
  const { store, directory } = c.get("core");
  if (callerOf(c).job) throw forbidden();
  return store.tables.members
    .filter(({ projectId }) => projectId === project.id)
    .map(({ userId, accessLevel }) => ({ ...userJson(directory.user(userId)), access_level: accessLevel }));
}

async function addReadme(c: Ask, { repository, name, settings }: Project): Promise<void> {
  const { user } = callerOf(c);
  await new Repository(repository).commit({
    branch: String(settings.default_branch),
    parent: NO_COMMIT,
    changes: [{ path: "README.md", content: Buffer.from(`# ${name}\n`) }],
    message: "Initial commit",
    author: user,
    newBranch: true,
  });
}
