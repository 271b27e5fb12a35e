import { CLUSTER_ROLE_BINDING, subjectsOf } from "../reading/kubernetes";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "kubernetes-binding-single-reviewer",
  title: "Tokens are reviewed by one account that does nothing else",
  why: "`system:auth-delegator` tells whether any token of the cluster is genuine, and whose it is.",
  remedy: "Bind it to the one service account whose token Vault holds.",
  severity: "medium",
  types: [CLUSTER_ROLE_BINDING],
  *check(binding) {
    if (binding.text("roleRef.name") !== "system:auth-delegator") return;
    const subjects = subjectsOf(binding);
    if (subjects.length !== 1 || !subjects[0]?.startsWith("ServiceAccount "))
      yield `lets ${subjects.join(", ") || "nobody"} review tokens; bind the one service account whose token Vault holds`;
  },
});
