import { Hono } from "hono";
import { z } from "zod";
import type { Core } from "../core";
import { type AccessEntry, type Json, type ProtectedBranch, ROLE } from "../model";
import { notFound, Refusal } from "./refusal";
import { type Ask, type Env, flag, integer, page, paramsOf, projectOf } from "./request";
import { describeLevel } from "./users";

const level = integer.refine((one) => [0, 30, 40, 60].includes(Number(one)), "does not have a valid value");
const entries = z.array(
  z.object({
    id: integer.optional(),
    access_level: level.optional(),
    user_id: integer.optional(),
    group_id: integer.optional(),
    deploy_key_id: integer.optional(),
    _destroy: flag.optional(),
  }),
);
const shared = {
  allow_force_push: flag.optional(),
  code_owner_approval_required: flag.optional(),
  allowed_to_push: entries.optional(),
  allowed_to_merge: entries.optional(),
  allowed_to_unprotect: entries.optional(),
};
const creation = z.object({
  name: z.string(),
  push_access_level: level.optional(),
  merge_access_level: level.optional(),
  unprotect_access_level: level.optional(),
  ...shared,
});
const change = z.object(shared);
type Entries = z.infer<typeof entries>;

/** Protected branches. The Community Edition knows roles only, and leaves lists unread. */
export const protectedBranches = new Hono<Env>()
  .get("/projects/:id/protected_branches", (c) => {
    const { id } = projectOf(c, ROLE.developer);
    const all = c.get("core").store.tables.protectedBranches.filter(({ projectId }) => projectId === id);
    return page(
      c,
      all.map((rule) => ruleJson(c.get("core"), rule)),
    );
  })
  .post("/projects/:id/protected_branches", async (c) => {
    const { id: projectId } = projectOf(c, ROLE.maintainer);
    const wanted = await paramsOf(c, creation);
    const core = c.get("core");
    const { tables } = core.store;
    if (tables.protectedBranches.some((rule) => rule.projectId === projectId && rule.name === wanted.name))
      throw new Refusal(409, { message: `Protected branch '${wanted.name}' already exists` });
    const listed = (list: Entries | undefined, one: number | undefined) =>
      withDefault(core, applied(core, [], core.edition === "enterprise" ? list : []), one);
    const rule: ProtectedBranch = {
      id: core.store.nextId(),
      projectId,
      name: wanted.name,
      allowForcePush: wanted.allow_force_push ?? false,
      codeOwnerApproval: wanted.code_owner_approval_required ?? false,
      push: listed(wanted.allowed_to_push, wanted.push_access_level),
      merge: listed(wanted.allowed_to_merge, wanted.merge_access_level),
      unprotect: applied(core, [], wanted.allowed_to_unprotect),
    };
    tables.protectedBranches.push(rule);
    return c.json(ruleJson(core, rule), 201);
  })
  .get("/projects/:id/protected_branches/:name", (c) =>
    c.json(ruleJson(c.get("core"), ruleOf(c, ROLE.developer))),
  )
  .patch("/projects/:id/protected_branches/:name", async (c) => {
    const rule = ruleOf(c, ROLE.maintainer);
    const wanted = await paramsOf(c, change);
    const core = c.get("core");
    rule.allowForcePush = wanted.allow_force_push ?? rule.allowForcePush;
    rule.codeOwnerApproval = wanted.code_owner_approval_required ?? rule.codeOwnerApproval;
    if (core.edition === "enterprise") {
      rule.push = applied(core, rule.push, wanted.allowed_to_push);
      rule.merge = applied(core, rule.merge, wanted.allowed_to_merge);
      rule.unprotect = applied(core, rule.unprotect, wanted.allowed_to_unprotect);
    }
    return c.json(ruleJson(core, rule));
  })
  .delete("/projects/:id/protected_branches/:name", (c) => {
    const rule = ruleOf(c, ROLE.maintainer);
    const { tables } = c.get("core").store;
    tables.protectedBranches = tables.protectedBranches.filter((one) => one !== rule);
    return c.body(null, 204);
  });

function withDefault(core: Core, list: AccessEntry[], one: number | undefined): AccessEntry[] {
  if (list.length > 0 && one === undefined) return list;
  return [entryOf(core, { access_level: one ?? ROLE.maintainer }), ...list];
}

/** A list after a change: entries with an id are known ones, `_destroy` takes one away, all others are new. */
function applied(core: Core, list: AccessEntry[], changes: Entries | undefined): AccessEntry[] {
  let kept = list;
  for (const entry of changes ?? []) {
    if (entry.id === undefined) kept = kept.concat(entryOf(core, entry));
    else if (entry._destroy === true) kept = kept.filter(({ id }) => id !== entry.id);
  }
  return kept;
}

function entryOf(core: Core, entry: Entries[number]): AccessEntry {
  const { access_level: accessLevel, user_id: userId, group_id: groupId, deploy_key_id: deployKeyId } = entry;
  return {
    id: core.store.nextId(),
    accessLevel: accessLevel ?? ROLE.maintainer,
    userId: userId ?? null,
    groupId: groupId ?? null,
    deployKeyId: deployKeyId ?? null,
  };
}

function ruleOf(c: Ask, least: number): ProtectedBranch {
  const { id } = projectOf(c, least);
  const found = c
    .get("core")
    .store.tables.protectedBranches.find(
      (rule) => rule.projectId === id && rule.name === c.req.param("name"),
    );
  if (!found) throw notFound();
  return found;
}

function ruleJson({ edition }: Core, rule: ProtectedBranch): Json {
  return {
    id: rule.id,
    name: rule.name,
    push_access_levels: rule.push.map(entryJson),
    merge_access_levels: rule.merge.map(entryJson),
    allow_force_push: rule.allowForcePush,
    ...(edition === "enterprise" && {
      unprotect_access_levels: rule.unprotect.map(entryJson),
      code_owner_approval_required: rule.codeOwnerApproval,
      inherited: false,
    }),
  };
}

function entryJson({ id, accessLevel, userId, groupId, deployKeyId }: AccessEntry): Json {
  return {
    id,
    access_level: accessLevel,
    access_level_description: describeLevel(accessLevel),
    user_id: userId,
    group_id: groupId,
    deploy_key_id: deployKeyId,
  };
}
