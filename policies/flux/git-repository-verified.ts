import { GIT_REPOSITORY } from "../reading/flux";
import { isPrivateUrl, originOf } from "../reading/urls";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "flux-git-repository-verified",
  title: "Flux fetches the deploy repository so that nobody on the way can change it",
  why: "What Flux fetches it applies.",
  remedy: "Use https or ssh in `spec.url`, without a password in it.",
  severity: "critical",
  types: [GIT_REPOSITORY],
  *check(repository) {
    const url = repository.text("spec.url") ?? "";
    if (!isPrivateUrl(url))
      yield `is fetched in the clear from ${originOf(url)}; use https or ssh in spec.url`;
    if (URL.canParse(url) && new URL(url).password !== "")
      yield "has a password in spec.url; put it into a Secret that spec.secretRef names, and treat it as leaked";
  },
});
