import { BRANCH_PROTECTION } from "../reading/gitlab";
import { checkov, cisGitlab } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-branch-protection-no-force-push",
  title: "Nobody rewrites a protected branch",
  why: "A forced push takes away what Flux applied, and the record of who changed which secret.",
  remedy: "Set `allowForcePush` to false.",
  severity: "high",
  references: [checkov("CKV_GLB_2"), cisGitlab("1.1.16")],
  types: [BRANCH_PROTECTION],
  *check(protection) {
    if (protection.flag("allowForcePush") === true)
      yield `lets ${protection.text("branch") ?? "the branch"} be rewritten; set allowForcePush to false`;
  },
});
