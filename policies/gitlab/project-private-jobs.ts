import { PROJECT } from "../reading/gitlab";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-project-private-jobs",
  title: "Only members see the deploy repository and its jobs' logs",
  why: "Logs name files and keys. Encrypted files in a public history stay there for the day on which a key leaks.",
  remedy: "Set `publicJobs` to false, and `visibilityLevel` to private or internal.",
  severity: "high",
  types: [PROJECT],
  *check(project) {
    if (project.flag("publicJobs") !== false)
      yield "shows its jobs' logs to everybody who may see it; set publicJobs to false";
    if (project.text("visibilityLevel") === "public")
      yield "can be cloned by everybody; set visibilityLevel to private";
  },
});
