import type { PlainMap } from "../../engine/resource-type";
import { fromApi, type Properties, toApi } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import type { Definition } from "../definition";
import { numbered } from "../resource-id";
import { projectRow } from "../rows";

const FORM = "<project>:<deploy key id>";

const properties: Properties = {
  canPush: { kind: "flag", replace: true },
  expiresAt: { kind: "text", replace: true, normalise: instant },
  key: { kind: "text", required: true, replace: true, normalise: (key) => key.trim() },
  project: projectRow,
  title: { kind: "text", required: true, replace: true },
  deployKeyId: { kind: "integer", outputOnly: true },
};

/** An SSH key of one project. Nothing of it can be changed in place. */
export const deployKey: Definition = {
  token: "gitlab:index/deployKey:DeployKey",
  noun: "deploy key",
  properties,
  // GitLab takes the same key only once for a project.
  identity: ["project", "key"],

  check({ expiresAt }) {
    if (typeof expiresAt !== "string" || !Number.isNaN(Date.parse(expiresAt))) return [];
    return [{ path: "expiresAt", reason: "expiresAt must be a time such as 2030-01-21T00:00:00Z" }];
  },

  async create(gitlab, inputs) {
    const project = textOf(inputs.project);
    const key = textOf(inputs.key).trim();
    const body: PlainMap = {
      ...toApi(inputs, ["title", "expiresAt"]),
      key,
      can_push: inputs.canPush ?? false,
    };
    const made = await gitlab.post(
      ["projects", project, "deploy_keys"],
      `add a deploy key to ${project}`,
      body,
    );
    return { id: `${project}:${Number(made.id)}` };
  },

  async read(gitlab, id) {
    const [project, number] = numbered(id, FORM);
    const found = await gitlab.get(["projects", project, "deploy_keys", number], `read deploy key ${id}`);
    return found === undefined ? undefined : { ...fromApi(properties, found), project, deployKeyId: number };
  },

  delete(gitlab, id) {
    const [project, number] = numbered(id, FORM);
    return gitlab.delete(["projects", project, "deploy_keys", number], `delete deploy key ${id}`);
  },
};

/** GitLab gives milliseconds that the program need not have. */
function instant(time: string): string {
  return Number.isNaN(Date.parse(time)) ? time : new Date(time).toISOString();
}
