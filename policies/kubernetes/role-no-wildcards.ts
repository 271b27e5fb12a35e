import { accessRulesOf, CLUSTER_ROLE, ROLE } from "../reading/kubernetes";
import { checkov, cisKubernetes, trivy } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "kubernetes-role-no-wildcards",
  title: "A role names its verbs, groups and resources",
  why: "A wildcard grants what the next version of the cluster, or the next custom resource, adds.",
  remedy: "List verbs, API groups and resources one by one.",
  severity: "high",
  references: [cisKubernetes("5.1.3"), checkov("CKV_K8S_49"), trivy("KSV-0045"), trivy("KSV-0046")],
  types: [ROLE, CLUSTER_ROLE],
  *check(role) {
    for (const { verbs, groups, resources } of accessRulesOf(role))
      for (const [what, list] of [
        ["verbs", verbs],
        ["apiGroups", groups],
        ["resources", resources],
      ] as const)
        if (list.some((each) => each.includes("*")))
          yield `grants all ${what} (${list.join(", ")}); list those that are needed`;
  },
});
