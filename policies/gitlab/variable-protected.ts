import { VARIABLE } from "../reading/gitlab";
import { isCertificate } from "../reading/secret-texts";
import { cisGitlab } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-variable-protected",
  title: "Only jobs of protected branches get a variable",
  why: "A job of a merge request prints it: its author wrote the script.",
  remedy: "Set `protected` to true. A certificate is public and may stay as it is.",
  severity: "high",
  references: [cisGitlab("2.1.7")],
  types: [VARIABLE],
  *check(variable) {
    if (variable.flag("protected") === true || isCertificate(variable.text("value") ?? "")) return;
    yield `${variable.text("key") ?? "the variable"} is given to jobs of every branch; set protected to true`;
  },
});
