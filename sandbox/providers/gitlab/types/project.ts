import { setTimeout as sleep } from "node:timers/promises";
import { PartialCreateError } from "../../engine/partial-create-error";
import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { toApi, zeroOf } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import type { Definition } from "../definition";
import type { GitLabClient } from "../gitlab-client";
import { AT_CREATION, fromProject, LATER, LOCAL, projectProperties } from "../project-settings";

/** Settings that are put; a move, the archive and visibility have ways of their own. */
const PUT: readonly string[] = ["name", "path", "description", "defaultBranch", ...LATER];
const POLL_MS = 500;
const POLLS = 240;

/** A project and its settings. Its id is its number; an import may say its path instead. */
export const project: Definition = {
  token: "gitlab:index/project:Project",
  noun: "project",
  properties: projectProperties,
  identity: [],

  async create(gitlab, inputs) {
    const name = textOf(inputs.name);
    const made = await gitlab.post(["projects"], `make project ${name}`, {
      ...toApi(inputs, AT_CREATION),
      ...(inputs.visibilityLevel !== undefined && { visibility: inputs.visibilityLevel }),
    });
    const id = String(made.id);
    try {
      const later = Object.keys(inputs).filter((name) => LATER.includes(name));
      await configure(gitlab, id, inputs, new Set(inputs.archived === true ? [...later, "archived"] : later));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new PartialCreateError(`the project is made, but ${reason}`, id, inputs, inputs);
    }
    return { id };
  },

  async read(gitlab, id, known) {
    const found = await gitlab.get(["projects", id], `read project ${id}`);
    if (found === undefined || typeof found.marked_for_deletion_on === "string") return undefined;
    const kept = LOCAL.filter((name) => known?.[name] !== undefined);
    return {
      id: String(found.id),
      ...fromProject(found),
      ...Object.fromEntries(kept.map((name) => [name, known?.[name] ?? null])),
    };
  },

  idIn: ({ id = "" }) => textOf(id),

  async update(gitlab, id, { inputs, changed }) {
    if (changed.has("namespaceId")) {
      const namespace = inputs.namespaceId ?? null;
      await gitlab.put(["projects", id, "transfer"], `move project ${id}`, { namespace });
    }
    await configure(gitlab, id, inputs, changed);
    return undefined;
  },

  async delete(gitlab, id, state) {
    if (state.archiveOnDestroy === true) {
      await gitlab.post(["projects", id, "archive"], `archive project ${id}`);
      return;
    }
    await gitlab.delete(["projects", id], `delete project ${id}`);
    if (state.permanentlyDeleteOnDestroy === true) {
      const query = { permanently_remove: true, full_path: textOf(state.pathWithNamespace) };
      await gitlab.delete(["projects", id], `delete project ${id} for good`, query);
    }
    await untilGone(gitlab, id);
  },
};

/** Puts the settings that changed, with zero for what the program no longer says. */
async function configure(
  gitlab: GitLabClient,
  id: string,
  inputs: PlainMap,
  changed: ReadonlySet<string>,
): Promise<void> {
  const names = [...changed].filter((name) => PUT.includes(name));
  const zeros = names.map((name): [string, PlainValue] => [
    name,
    zeroOf(projectProperties[name] ?? { kind: "text" }),
  ]);
  const body: PlainMap = {
    ...toApi({ ...Object.fromEntries(zeros), ...inputs }, names),
    ...(changed.has("visibilityLevel") && { visibility: inputs.visibilityLevel ?? null }),
  };
  if (Object.keys(body).length > 0) await gitlab.put(["projects", id], `change project ${id}`, body);
  if (changed.has("archived")) {
    const verb = inputs.archived === true ? "archive" : "unarchive";
    await gitlab.post(["projects", id, verb], `${verb} project ${id}`);
  }
}

/** GitLab deletes projects in the background, or marks them for later. */
async function untilGone(gitlab: GitLabClient, id: string): Promise<void> {
  for (let poll = 0; poll < POLLS; poll++) {
    const found = await gitlab.get(["projects", id], `read project ${id}`);
    if (found === undefined || typeof found.marked_for_deletion_on === "string") return;
    await sleep(POLL_MS);
  }
  throw new Error(
    `project ${id} is still there ${(POLLS * POLL_MS) / 1000} s after GitLab began to delete it`,
  );
}
