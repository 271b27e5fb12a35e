import { JWT_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-jwt-role-source",
  title: "A pipeline's role says which kinds of pipelines it is for",
  why: "Otherwise a job that is meant for the schedule logs in from a merge request too, whose author wrote its script.",
  remedy: "Add `pipeline_source` to `boundClaims`, such as `trigger,schedule`.",
  severity: "high",
  types: [JWT_ROLE],
  *check(role) {
    const names = role.entries("boundClaims").map(([name]) => name);
    if (names.includes("project_id") && !names.includes("pipeline_source"))
      yield "is for every kind of pipeline of its project; add pipeline_source to boundClaims";
  },
});
