import { textOf } from "../../engine/values";
import type { Definition } from "../definition";
import type { Path } from "../gitlab-client";
import { threeParts } from "../resource-id";
import { projectRow } from "../rows";

const FORM = "<project>:project:<id> or <project>:group:<id>";

/** One project or group whose jobs may reach a project by their job token. */
export const projectJobTokenScope: Definition = {
  token: "gitlab:index/projectJobTokenScope:ProjectJobTokenScope",
  noun: "job token scope",
  properties: {
    project: projectRow,
    targetGroupId: { kind: "integer", replace: true },
    targetProjectId: { kind: "integer", replace: true },
  },
  identity: ["project", "targetGroupId", "targetProjectId"],

  check({ targetGroupId, targetProjectId }) {
    if ((targetGroupId === undefined) !== (targetProjectId === undefined)) return [];
    return [{ path: "targetProjectId", reason: "one of targetProjectId and targetGroupId is needed" }];
  },

  async create(gitlab, { project: of, targetGroupId, targetProjectId }) {
    const project = textOf(of);
    const isGroup = targetGroupId !== undefined;
    const target = Number(targetGroupId ?? targetProjectId);
    const id = `${project}:${isGroup ? "group" : "project"}:${target}`;
    const body = isGroup ? { target_group_id: target } : { target_project_id: target };
    await gitlab.post(listOf(id), `let ${id} in by job token`, body);
    return { id };
  },

  async read(gitlab, id) {
    const [project, kind, target] = threeParts(id, FORM);
    const allowed = await gitlab.list(listOf(id), `read the job token scope of ${project}`);
    if (!allowed.some((one) => String(one.id) === target)) return undefined;
    return { project, [kind === "group" ? "targetGroupId" : "targetProjectId"]: Number(target) };
  },

  delete(gitlab, id) {
    const [, , target] = threeParts(id, FORM);
    return gitlab.delete([...listOf(id), target], `shut ${id} out`);
  },
};

function listOf(id: string): Path {
  const [project, kind] = threeParts(id, FORM);
  if (kind !== "project" && kind !== "group") throw new Error(`"${id}" is no id of the form ${FORM}`);
  return ["projects", project, "job_token_scope", kind === "group" ? "groups_allowlist" : "allowlist"];
}
