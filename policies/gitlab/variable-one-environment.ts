import { VARIABLE } from "../reading/gitlab";
import { isCertificate } from "../reading/secret-texts";
import { cisGitlab } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-variable-one-environment",
  title: "A secret belongs to one environment",
  why: "With `*` a job that deploys to test has production's password.",
  remedy: "Set `environmentScope` to the environment whose jobs need it.",
  severity: "medium",
  references: [cisGitlab("2.1.7")],
  types: [VARIABLE],
  *check(variable) {
    const scope = variable.text("environmentScope") ?? "*";
    if (scope !== "*" || isCertificate(variable.text("value") ?? "")) return;
    yield `${variable.text("key") ?? "the variable"} is given to jobs of every environment; set environmentScope to one`;
  },
});
