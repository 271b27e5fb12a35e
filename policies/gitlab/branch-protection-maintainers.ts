import { BRANCH_PROTECTION } from "../reading/gitlab";
import { cisGitlab } from "../references";
import { resourceRule } from "../rule";

const NARROW = ["no one", "maintainer", "admin"];

export const rule = resourceRule({
  name: "gitlab-branch-protection-maintainers",
  title: "Only maintainers push to a protected branch or take its protection away",
  why: "What is pushed there Flux applies, and its jobs log in to Vault.",
  remedy:
    "Set `allowedToPushes` (`pushAccessLevel` on the Community Edition) to maintainer or to named users, and let others merge.",
  severity: "high",
  references: [cisGitlab("1.1.15")],
  types: [BRANCH_PROTECTION],
  *check(protection) {
    const branch = protection.text("branch") ?? "the branch";
    const level = protection.text("pushAccessLevel");
    if (level !== undefined && !NARROW.includes(level))
      yield `lets every ${level} push to ${branch}; set pushAccessLevel to maintainer`;
    for (const [path, what] of [
      ["allowedToPushes", "push to"],
      ["allowedToUnprotects", "unprotect"],
    ] as const)
      for (const one of protection.list(path)) {
        // Users, groups and keys are named; GitLab reports a level of theirs as well.
        if (["userId", "groupId", "deployKeyId"].some((id) => (one.number(id) ?? 0) > 0)) continue;
        const each = one.text("accessLevel") ?? "maintainer";
        if (!NARROW.includes(each)) yield `lets every ${each} ${what} ${branch}; set ${path} to maintainer`;
      }
  },
});
