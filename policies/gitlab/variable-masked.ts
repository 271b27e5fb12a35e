import { VARIABLE } from "../reading/gitlab";
import { isCertificate } from "../reading/secret-texts";
import { cisGitlab } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-variable-masked",
  title: "A variable does not show in logs",
  why: "A tool that prints its environment when it fails would write the secret into a log that many read.",
  remedy:
    "Set `masked` to true. GitLab refuses values under 8 characters or with line breaks: give the first more characters and encode the second in base64.",
  severity: "high",
  references: [cisGitlab("2.1.7")],
  types: [VARIABLE],
  *check(variable) {
    if (variable.flag("masked") === true || variable.flag("hidden") === true) return;
    if (isCertificate(variable.text("value") ?? "")) return;
    yield `${variable.text("key") ?? "the variable"} shows in logs; set masked to true`;
  },
});
