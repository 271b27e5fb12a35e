import { BRANCH_PROTECTION, branchName, protects, REPOSITORY_FILE, SCHEDULE } from "../reading/gitlab";
import { cisGitlab } from "../references";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "gitlab-branch-protected",
  title: "The branch that pipelines work on is protected",
  why: "Jobs of a protected branch log in to Vault and get protected variables. On any other, its author decides what runs.",
  remedy: "Declare a `BranchProtection` for the branch.",
  severity: "high",
  references: [cisGitlab("1.1.20")],
  types: [SCHEDULE, REPOSITORY_FILE],
  *check(subject, stack) {
    const branch = branchName(subject.text("branch") ?? subject.text("ref") ?? "");
    const project = subject.text("project");
    const isProtected = stack
      .ofType(BRANCH_PROTECTION)
      .some((each) => each.text("project") === project && protects(each.text("branch") ?? "", branch));
    if (!isProtected)
      yield `works on the branch ${branch}, which nothing in this stack protects; declare a BranchProtection for it`;
  },
});
