import { Hono } from "hono";
import { z } from "zod";
import { ROLE } from "../model";
import { projectJson } from "./projects";
import { invalid, notFound } from "./refusal";
import { type Env, flag, integer, numberOf, page, paramsOf, projectOf } from "./request";
import { groupJson } from "./users";

/** Whose jobs may reach a project by their job token. */
export const jobTokenScope = new Hono<Env>()
  .get("/projects/:id/job_token_scope", (c) => {
    const project = projectOf(c, ROLE.maintainer);
    return c.json({ inbound_enabled: project.jobTokenScope, outbound_enabled: false });
  })
  .patch("/projects/:id/job_token_scope", async (c) => {
    const project = projectOf(c, ROLE.maintainer);
    project.jobTokenScope = (await paramsOf(c, z.object({ enabled: flag }))).enabled;
    return c.body(null, 204);
  })
  .get("/projects/:id/job_token_scope/allowlist", (c) => {
    const { jobTokenProjects } = projectOf(c, ROLE.maintainer);
    const core = c.get("core");
    const listed = core.store.tables.projects.filter(({ id }) => jobTokenProjects.includes(id));
    return page(
      c,
      listed.map((project) => projectJson(core, project, false)),
    );
  })
  .post("/projects/:id/job_token_scope/allowlist", async (c) => {
    const project = projectOf(c, ROLE.maintainer);
    const { target_project_id: target } = await paramsOf(c, z.object({ target_project_id: integer }));
    if (!c.get("core").directory.project(target)) throw notFound("Target project");
    if (project.jobTokenProjects.includes(target))
      throw invalid("Target project is already in the job token scope");
    project.jobTokenProjects.push(target);
    return c.json({ source_project_id: project.id, target_project_id: target }, 201);
  })
  .delete("/projects/:id/job_token_scope/allowlist/:target", (c) => {
    remove(projectOf(c, ROLE.maintainer).jobTokenProjects, numberOf(c, "target"));
    return c.body(null, 204);
  })
  .get("/projects/:id/job_token_scope/groups_allowlist", (c) => {
    const { jobTokenGroups } = projectOf(c, ROLE.maintainer);
    const listed = c.get("core").store.tables.groups.filter(({ id }) => jobTokenGroups.includes(id));
    return page(c, listed.map(groupJson));
  })
  .post("/projects/:id/job_token_scope/groups_allowlist", async (c) => {
    const project = projectOf(c, ROLE.maintainer);
    const { target_group_id: target } = await paramsOf(c, z.object({ target_group_id: integer }));
    if (!c.get("core").store.tables.groups.some(({ id }) => id === target)) throw notFound("Target group");
    if (project.jobTokenGroups.includes(target))
      throw invalid("Target group is already in the job token scope");
    project.jobTokenGroups.push(target);
    return c.json({ source_project_id: project.id, target_group_id: target }, 201);
  })
  .delete("/projects/:id/job_token_scope/groups_allowlist/:target", (c) => {
    remove(projectOf(c, ROLE.maintainer).jobTokenGroups, numberOf(c, "target"));
    return c.body(null, 204);
  });

function remove(list: number[], one: number): void {
  const index = list.indexOf(one);
  if (index < 0) throw notFound();
  list.splice(index, 1);
}
