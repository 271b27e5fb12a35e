import { PROJECT } from "../reading/gitlab";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-project-no-forks",
  title: "Nobody forks the deploy repository",
  why: "A fork's owner protects its branches as they like, and pipelines of its merge requests run here. A GitLab that lags behind in its security patches (before 18.2.2) gives such a job a token with this project's path, and its branch may be called main. The history goes with the fork, too, and stays when its owner may see this project no more.",
  remedy: "Set `forkingAccessLevel` to disabled, and let people work in branches.",
  severity: "high",
  types: [PROJECT],
  *check(project) {
    if (project.text("forkingAccessLevel") !== "disabled")
      yield "may be forked by whoever sees it; set forkingAccessLevel to disabled";
  },
});
