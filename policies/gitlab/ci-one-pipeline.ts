import { ciDocuments, isFirstCiFile, isMapping, REPOSITORY_FILE, valuesOf } from "../reading/ci-file";
import { checkov } from "../references";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "gitlab-ci-one-pipeline",
  title: "A push starts one pipeline",
  why: "With jobs for branches and for merge requests alike, and no workflow rules, each push starts both: the same check twice, with different rights.",
  remedy: "Say in `workflow: rules` when there is a pipeline at all.",
  severity: "low",
  references: [checkov("CKV_GITLABCI_2")],
  types: [REPOSITORY_FILE],
  *check(file, stack) {
    if (!isFirstCiFile(file, stack)) return;
    const documents = ciDocuments(file) ?? [];
    const hasRules = documents.some(({ workflow }) => isMapping(workflow) && Array.isArray(workflow.rules));
    if (!hasRules && documents.some((document) => isForBoth(document)))
      yield "starts two pipelines for a push to a merge request; say in workflow: rules when there is one";
  },
});

function isForBoth(document: unknown): boolean {
  const conditions = valuesOf(document, "if").map(String).join("\n");
  return conditions.includes("merge_request_event") && /"push"|CI_COMMIT_BRANCH/.test(conditions);
}
