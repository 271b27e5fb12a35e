import { GIT_REPOSITORY } from "../reading/flux";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "flux-git-repository-branch",
  title: "Flux watches a branch that is named, and keeps watching",
  why: "Without a reference Flux takes `master`. Where the branch is not named, nothing can tell whether it is the protected one.",
  remedy: "Set `spec.ref.branch`, and leave `spec.suspend` out.",
  severity: "medium",
  types: [GIT_REPOSITORY],
  *check(repository) {
    const ref = repository.at("spec.ref");
    if (!["branch", "tag", "semver", "commit", "name"].some((each) => ref.has(each)))
      yield "names no branch, and Flux takes master; set spec.ref.branch";
    if (repository.flag("spec.suspend") === true)
      yield "is suspended, so that rewrapped files never arrive; set spec.suspend to false";
  },
});
