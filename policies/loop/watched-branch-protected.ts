import { GIT_REPOSITORY } from "../reading/flux";
import { BRANCH_PROTECTION, PROJECT, protects } from "../reading/gitlab";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-watched-branch-protected",
  title: "The branch that Flux watches is protected",
  why: "Whoever pushes there deploys, and chooses what is decrypted where.",
  remedy: "Watch a branch that a `BranchProtection` of this stack covers.",
  severity: "high",
  types: [GIT_REPOSITORY],
  *check(repository, stack) {
    // Where GitLab is not of this stack, nothing is known of its branches.
    if (stack.ofType(PROJECT).length === 0) return;
    const branch = repository.text("spec.ref.branch");
    if (branch === undefined) return;
    const isProtected = stack
      .ofType(BRANCH_PROTECTION)
      .some((each) => protects(each.text("branch") ?? "", branch));
    if (!isProtected)
      yield `watches ${branch}, which nothing in this stack protects; declare a BranchProtection for it`;
  },
});
