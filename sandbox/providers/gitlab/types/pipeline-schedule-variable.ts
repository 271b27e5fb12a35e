import { toApi } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import { isList, isMap } from "../../engine/wire";
import type { Definition } from "../definition";
import type { Path } from "../gitlab-client";
import { threeParts } from "../resource-id";
import { projectRow } from "../rows";

const FORM = "<project>:<schedule id>:<key>";
const WRITTEN = ["value", "variableType"] as const;

/** A variable of one schedule. GitLab tells variables only within their schedule. */
export const pipelineScheduleVariable: Definition = {
  token: "gitlab:index/pipelineScheduleVariable:PipelineScheduleVariable",
  noun: "pipeline schedule variable",
  properties: {
    key: { kind: "text", required: true, replace: true },
    pipelineScheduleId: { kind: "integer", required: true, replace: true },
    project: projectRow,
    value: { kind: "text", required: true },
    variableType: { kind: "text", default: "env_var", oneOf: ["env_var", "file"] },
  },
  identity: ["project", "pipelineScheduleId", "key"],

  async create(gitlab, inputs) {
    const project = textOf(inputs.project);
    const key = textOf(inputs.key);
    const schedule = String(Number(inputs.pipelineScheduleId));
    const body = { key, ...toApi({ variableType: "env_var", ...inputs }, WRITTEN) };
    const path = ["projects", project, "pipeline_schedules", schedule, "variables"];
    await gitlab.post(path, `set variable ${key} of pipeline schedule ${project}:${schedule}`, body);
    return { id: `${project}:${schedule}:${key}` };
  },

  async read(gitlab, id) {
    const [project, schedule, key] = threeParts(id, FORM);
    const path = ["projects", project, "pipeline_schedules", schedule];
    const found = await gitlab.get(path, `read pipeline schedule variable ${id}`);
    const variables = isList(found?.variables) ? found.variables.filter(isMap) : [];
    const variable = variables.find((candidate) => candidate.key === key);
    if (variable === undefined) return undefined;
    return {
      key,
      pipelineScheduleId: Number(schedule),
      project,
      value: variable.value ?? "",
      variableType: variable.variable_type ?? "env_var",
    };
  },

  async update(gitlab, id, { inputs }) {
    const body = toApi({ variableType: "env_var", ...inputs }, WRITTEN);
    await gitlab.put(pathOf(id), `change pipeline schedule variable ${id}`, body);
    return undefined;
  },

  delete: (gitlab, id) => gitlab.delete(pathOf(id), `delete pipeline schedule variable ${id}`),
};

function pathOf(id: string): Path {
  const [project, schedule, key] = threeParts(id, FORM);
  return ["projects", project, "pipeline_schedules", schedule, "variables", key];
}
