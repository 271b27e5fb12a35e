import { ciDocuments, REPOSITORY_FILE, valuesOf } from "../reading/ci-file";
import { checkov, cisGitlab } from "../references";
import { resourceRule } from "../rule";

const SENDS = /\b(curl|wget|nc|ncat)\b/;
/** ID tokens among them, whatever a job calls them. */
const SECRET_VARIABLES = /\$\{?(\w*(TOKEN|PASSWORD|SECRET|PRIVATE_KEY|API_KEY))\b/;

export const rule = resourceRule({
  name: "gitlab-ci-no-variables-sent",
  title: "No job sends its tokens away by hand",
  why: "On a command line a token stands in the process list, and the next change of the address sends it elsewhere.",
  remedy:
    "Use the tool that is made for it, such as sopsloop or vault, which read the token from the environment.",
  severity: "high",
  references: [checkov("CKV_GITLABCI_1"), cisGitlab("1.5.2")],
  types: [REPOSITORY_FILE],
  *check(file) {
    const documents = ciDocuments(file) ?? [];
    const lines = ["script", "before_script", "after_script"]
      .flatMap((name) => documents.flatMap((document) => valuesOf(document, name)))
      .flat(Number.POSITIVE_INFINITY)
      .map(String);
    for (const line of lines) {
      const [, name] = SENDS.test(line) ? (SECRET_VARIABLES.exec(line) ?? []) : [];
      if (name !== undefined)
        yield `sends ${name} away in a script; use a tool that reads it from the environment`;
    }
  },
});
