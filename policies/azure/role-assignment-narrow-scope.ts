import { ROLE_ASSIGNMENT } from "../reading/azure";
import { trivy } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-role-assignment-narrow-scope",
  title: "A role is assigned for one resource",
  why: "For a resource group or a subscription it also covers the vault that somebody makes there next year.",
  remedy: "Set `scope` to the id of the key, or of the resource that is meant.",
  severity: "high",
  references: [trivy("AZU-0030")],
  types: [ROLE_ASSIGNMENT],
  *check(assignment) {
    const scope = assignment.text("scope") ?? "";
    if (/\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/i.test(scope)) return;
    const what = /\/resourceGroups\/[^/]+/i.test(scope)
      ? "a resource group"
      : /managementGroups/i.test(scope)
        ? "a management group"
        : "a subscription";
    yield `is for the whole of ${what}; set scope to the id of one resource`;
  },
});
