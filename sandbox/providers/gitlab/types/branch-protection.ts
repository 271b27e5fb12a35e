import type { InputFailure, PlainMap } from "../../engine/resource-type";
import type { Properties } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import { isList, isMap } from "../../engine/wire";
import { entriesOf, entryChanges, entryRows, firstRole, LEVEL_NAMES, levelOf } from "../access-levels";
import type { Definition } from "../definition";
import type { GitLabClient } from "../gitlab-client";
import { twoParts } from "../resource-id";
import { projectRow } from "../rows";

const FORM = "<project>:<branch>";
const UNPROTECTORS = LEVEL_NAMES.filter((name) => name !== "no one");
const ENTRIES = ["allowedToMerges", "allowedToPushes", "allowedToUnprotects"] as const;
const ROLES = ["mergeAccessLevel", "pushAccessLevel"] as const;

const properties: Properties = {
  allowForcePush: { kind: "flag", default: false },
  allowedToMerges: { kind: "records", computed: true, fields: entryRows(LEVEL_NAMES) },
  allowedToPushes: {
    kind: "records",
    computed: true,
    fields: entryRows(LEVEL_NAMES, { deployKeyId: { kind: "integer" } }),
  },
  allowedToUnprotects: { kind: "records", computed: true, fields: entryRows(UNPROTECTORS) },
  branch: { kind: "text", required: true, replace: true },
  codeOwnerApprovalRequired: { kind: "flag", default: false },
  mergeAccessLevel: { kind: "text", computed: true, replace: true, oneOf: LEVEL_NAMES },
  project: projectRow,
  pushAccessLevel: { kind: "text", computed: true, replace: true, oneOf: LEVEL_NAMES },
  branchProtectionId: { kind: "integer", outputOnly: true },
};

/**
 * A protected branch. The Community Edition has one role each for pushing and merging; the Enterprise Edition, GitLab.com
 * as well, has lists of who may. Each refuses the other's properties, as the official provider does.
 */
export const branchProtection: Definition = {
  token: "gitlab:index/branchProtection:BranchProtection",
  noun: "branch protection",
  properties,
  identity: ["project", "branch"],

  async check(inputs, gitlab) {
    const failures = entryFailures(inputs);
    if (failures.length > 0 || gitlab === undefined) return failures;
    return (await gitlab.isEnterprise()) ? enterpriseFailures(inputs) : communityFailures(inputs);
  },

  async create(gitlab, inputs) {
    const project = textOf(inputs.project);
    const branch = textOf(inputs.branch);
    await makeRoom(gitlab, project, branch);
    const body: PlainMap = {
      name: branch,
      allow_force_push: inputs.allowForcePush ?? false,
      ...((await gitlab.isEnterprise()) ? listsOf(inputs, {}) : rolesOf(inputs)),
    };
    await gitlab.post(["projects", project, "protected_branches"], `protect ${branch} of ${project}`, body);
    return { id: `${project}:${branch}` };
  },

  async read(gitlab, id) {
    const [project, branch] = twoParts(id, FORM);
    const found = await live(gitlab, id);
    if (found === undefined) return undefined;
    const common: PlainMap = {
      project,
      branch,
      branchProtectionId: found.id ?? 0,
      allowForcePush: found.allow_force_push ?? false,
    };
    if (!(await gitlab.isEnterprise())) {
      return {
        ...common,
        mergeAccessLevel: firstRole(found.merge_access_levels),
        pushAccessLevel: firstRole(found.push_access_levels),
      };
    }
    return {
      ...common,
      allowedToMerges: entriesOf(found.merge_access_levels),
      allowedToPushes: entriesOf(found.push_access_levels),
      allowedToUnprotects: entriesOf(found.unprotect_access_levels),
      codeOwnerApprovalRequired: found.code_owner_approval_required ?? false,
    };
  },

  async update(gitlab, id, { inputs }) {
    const [project, branch] = twoParts(id, FORM);
    const lists = (await gitlab.isEnterprise()) ? listsOf(inputs, (await live(gitlab, id)) ?? {}) : {};
    const body: PlainMap = { name: branch, allow_force_push: inputs.allowForcePush ?? false, ...lists };
    await gitlab.patch(["projects", project, "protected_branches", branch], `change protection ${id}`, body);
    return undefined;
  },

  delete(gitlab, id) {
    const [project, branch] = twoParts(id, FORM);
    return gitlab.delete(["projects", project, "protected_branches", branch], `take protection ${id} away`);
  },
};

function live(gitlab: GitLabClient, id: string): Promise<PlainMap | undefined> {
  const [project, branch] = twoParts(id, FORM);
  return gitlab.get(["projects", project, "protected_branches", branch], `read protection ${id}`);
}

/** GitLab protects a new project's default branch of its own accord: that protection makes room, any other is somebody's. */
async function makeRoom(gitlab: GitLabClient, project: string, branch: string): Promise<void> {
  const id = `${project}:${branch}`;
  if ((await live(gitlab, id)) === undefined) return;
  const about = await gitlab.get(["projects", project], `read project ${project}`);
  if (about?.default_branch !== branch) {
    throw new Error(`branch ${branch} of ${project} is protected already: import it by the id ${id}`);
  }
  await gitlab.delete(["projects", project, "protected_branches", branch], `take protection ${id} over`);
}

function rolesOf(inputs: PlainMap): PlainMap {
  const { mergeAccessLevel: merge, pushAccessLevel: push } = inputs;
  return {
    ...(merge !== undefined && { merge_access_level: levelOf(merge) }),
    ...(push !== undefined && { push_access_level: levelOf(push) }),
  };
}

/** Only lists that the program has: who may, where it says nothing, is GitLab's affair. */
function listsOf(inputs: PlainMap, found: PlainMap): PlainMap {
  const { allowedToMerges: merges, allowedToPushes: pushes, allowedToUnprotects: unprotects } = inputs;
  return {
    ...(merges !== undefined && { allowed_to_merge: entryChanges(found.merge_access_levels, merges) }),
    ...(pushes !== undefined && { allowed_to_push: entryChanges(found.push_access_levels, pushes) }),
    ...(unprotects !== undefined && {
      allowed_to_unprotect: entryChanges(found.unprotect_access_levels, unprotects),
    }),
    code_owner_approval_required: inputs.codeOwnerApprovalRequired ?? false,
  };
}

function entryFailures(inputs: PlainMap): InputFailure[] {
  return ENTRIES.flatMap((name) => {
    const entries = inputs[name];
    return (isList(entries) ? entries : []).flatMap((entry, index) => {
      const kinds = ["accessLevel", "userId", "groupId", "deployKeyId"];
      if (!isMap(entry) || kinds.filter((kind) => entry[kind] !== undefined).length === 1) return [];
      const path = `${name}[${index}]`;
      return [{ path, reason: `${path} needs one of accessLevel, userId, groupId and deployKeyId` }];
    });
  });
}

function enterpriseFailures(inputs: PlainMap): InputFailure[] {
  return ROLES.filter((name) => inputs[name] !== undefined).map((name) => ({
    path: name,
    reason: `${name} is for the Community Edition: use ${name === "pushAccessLevel" ? "allowedToPushes" : "allowedToMerges"}`,
  }));
}

function communityFailures(inputs: PlainMap): InputFailure[] {
  const lists = ENTRIES.filter((name) => inputs[name] !== undefined);
  const approval = inputs.codeOwnerApprovalRequired === true ? ["codeOwnerApprovalRequired"] : [];
  return [...lists, ...approval].map((path) => ({
    path,
    reason: `${path} needs the Enterprise Edition, and this GitLab is the Community Edition`,
  }));
}
