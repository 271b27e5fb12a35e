import type { InputFailure, PlainMap, PlainValue } from "../../engine/resource-type";
import { fromApi, type Properties, toApi } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import { isList, isMap } from "../../engine/wire";
import type { Definition } from "../definition";
import type { GitLabClient } from "../gitlab-client";
import { numbered } from "../resource-id";
import { projectRow } from "../rows";

const FORM = "<project>:<schedule id>";
const MOST_INPUTS = 20;

const properties: Properties = {
  active: { kind: "flag", default: true },
  cron: { kind: "text", required: true },
  cronTimezone: { kind: "text", default: "UTC" },
  description: { kind: "text", required: true },
  inputs: {
    kind: "records",
    fields: { name: { kind: "text", required: true }, value: { kind: "text", required: true } },
  },
  project: projectRow,
  ref: { kind: "text", required: true },
  takeOwnership: { kind: "flag", default: false },
  owner: { kind: "integer", outputOnly: true },
  pipelineScheduleId: { kind: "integer", outputOnly: true },
};

const WRITTEN = ["active", "cron", "cronTimezone", "description", "ref"] as const;

/** A pipeline schedule. With `takeOwnership` an owner other than the token's user is drift. */
export const pipelineSchedule: Definition = {
  token: "gitlab:index/pipelineSchedule:PipelineSchedule",
  noun: "pipeline schedule",
  properties,
  identity: [],

  check({ ref, inputs }) {
    const failures: InputFailure[] = [];
    if (typeof ref === "string" && !/^refs\/(heads|tags)\/./.test(ref)) {
      failures.push({ path: "ref", reason: `ref must be in full, as in refs/heads/main, not "${ref}"` });
    }
    if (isList(inputs) && inputs.length > MOST_INPUTS) {
      failures.push({ path: "inputs", reason: `GitLab takes at most ${MOST_INPUTS} inputs` });
    }
    return failures;
  },

  async create(gitlab, inputs) {
    const project = textOf(inputs.project);
    const schedule = await gitlab.post(
      ["projects", project, "pipeline_schedules"],
      `make a pipeline schedule in ${project}`,
      { ...settings(inputs), ...(isList(inputs.inputs) && { inputs: inputs.inputs }) },
    );
    return { id: `${project}:${Number(schedule.id)}` };
  },

  async read(gitlab, id, known) {
    const [project, number] = numbered(id, FORM);
    const schedule = await gitlab.get(pathOf(project, number), `read pipeline schedule ${id}`);
    if (schedule === undefined) return undefined;
    const owner = isMap(schedule.owner) ? Number(schedule.owner.id) : 0;
    const owned = known?.takeOwnership === true && owner === (await gitlab.currentUser());
    return {
      ...fromApi(properties, schedule),
      inputs: inputsOf(schedule),
      project,
      owner,
      pipelineScheduleId: number,
      takeOwnership: owned,
    };
  },

  async update(gitlab, id, { inputs }) {
    const [project, number] = numbered(id, FORM);
    const path = pathOf(project, number);
    if (inputs.takeOwnership === true) {
      await gitlab.post([...path, "take_ownership"], `take ownership of pipeline schedule ${id}`);
    }
    const body: PlainMap = { ...settings(inputs), inputs: await changedInputs(gitlab, id, inputs.inputs) };
    await gitlab.put(path, `change pipeline schedule ${id}`, body);
    return undefined;
  },

  delete(gitlab, id) {
    const [project, number] = numbered(id, FORM);
    return gitlab.delete(pathOf(project, number), `delete pipeline schedule ${id}`);
  },
};

function pathOf(project: string, number: number): readonly (string | number)[] {
  return ["projects", project, "pipeline_schedules", number];
}

function settings(inputs: PlainMap): PlainMap {
  return toApi({ active: true, cronTimezone: "UTC", ...inputs }, WRITTEN);
}

/** The wanted inputs, and a mark for each that has to go: GitLab keeps the ones it is not told of. */
async function changedInputs(
  gitlab: GitLabClient,
  id: string,
  wanted: PlainValue | undefined,
): Promise<PlainValue> {
  const inputs = isList(wanted) ? wanted.filter(isMap) : [];
  const schedule = await gitlab.get(pathOf(...numbered(id, FORM)), `read pipeline schedule ${id}`);
  const gone = inputsOf(schedule ?? {})
    .map(({ name }) => name)
    .filter((name) => !inputs.some((input) => input.name === name));
  return [...inputs, ...gone.map((name) => ({ name, destroy: true }))];
}

/** Typed inputs come back as numbers, truth values or lists: as text they are what the program wrote. */
function inputsOf(schedule: PlainMap): { readonly name: string; readonly value: string }[] {
  const inputs = isList(schedule.inputs) ? schedule.inputs.filter(isMap) : [];
  return inputs.map(({ name, value = "" }) => ({
    name: String(name),
    value: isList(value) ? value.join(",") : String(value),
  }));
}
