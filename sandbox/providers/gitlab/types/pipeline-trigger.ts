import { textOf } from "../../engine/values";
import type { Definition } from "../definition";
import { numbered } from "../resource-id";
import { projectRow } from "../rows";

const FORM = "<project>:<trigger id>";

/** A trigger token. GitLab tells it in full when it is made; afterwards only to its owner, so the state's stands. */
export const pipelineTrigger: Definition = {
  token: "gitlab:index/pipelineTrigger:PipelineTrigger",
  noun: "pipeline trigger",
  properties: {
    description: { kind: "text", required: true },
    project: projectRow,
    pipelineTriggerId: { kind: "integer", outputOnly: true },
    token: { kind: "text", outputOnly: true, secret: true },
  },
  identity: [],

  async create(gitlab, { project: of, description = "" }) {
    const project = textOf(of);
    const doing = `make a pipeline trigger in ${project}`;
    const trigger = await gitlab.post(["projects", project, "triggers"], doing, { description });
    return { id: `${project}:${Number(trigger.id)}`, told: { token: trigger.token ?? "" } };
  },

  async read(gitlab, id, known) {
    const [project, number] = numbered(id, FORM);
    const trigger = await gitlab.get(
      ["projects", project, "triggers", number],
      `read pipeline trigger ${id}`,
    );
    if (trigger === undefined) return undefined;
    return {
      project,
      description: trigger.description ?? "",
      pipelineTriggerId: number,
      ...(known?.token !== undefined && { token: known.token }),
    };
  },

  async update(gitlab, id, { inputs: { description = "" } }) {
    const [project, number] = numbered(id, FORM);
    const doing = `change pipeline trigger ${id}`;
    await gitlab.put(["projects", project, "triggers", number], doing, { description });
    return undefined;
  },

  delete(gitlab, id) {
    const [project, number] = numbered(id, FORM);
    return gitlab.delete(["projects", project, "triggers", number], `delete pipeline trigger ${id}`);
  },
};
