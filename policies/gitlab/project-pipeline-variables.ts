import { PROJECT } from "../reading/gitlab";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-project-pipeline-variables",
  title: "Nobody gives a pipeline variables",
  why: "Whoever starts a pipeline could set VAULT_ADDR or PATH of a job that holds an ID token.",
  remedy:
    "Set `ciPipelineVariablesMinimumOverrideRole` to `no_one_allowed` and hand values over as typed inputs.",
  severity: "critical",
  types: [PROJECT],
  *check(project) {
    const role = project.text("ciPipelineVariablesMinimumOverrideRole");
    if (role !== "no_one_allowed")
      yield `lets ${role ?? "whoever GitLab's default says"} give pipelines variables; set ciPipelineVariablesMinimumOverrideRole to no_one_allowed`;
  },
});
