import { accessRulesOf, CLUSTER_ROLE, covers, ROLE } from "../reading/kubernetes";
import { checkov, cisKubernetes, trivy } from "../references";
import { resourceRule } from "../rule";

const WHOLESALE = ["list", "watch", "*"];

export const rule = resourceRule({
  name: "kubernetes-role-narrow-secrets",
  title: "Secrets are read one by one, in one namespace",
  why: "Who lists Secrets reads all that the loop encrypted, without Vault and without its log.",
  remedy: "Use a Role and not a ClusterRole, with `get` and the Secrets' names in `resourceNames`.",
  severity: "high",
  references: [cisKubernetes("5.1.2"), checkov("CKV2_K8S_5"), trivy("KSV-0041"), trivy("KSV-0113")],
  types: [ROLE, CLUSTER_ROLE],
  *check(role) {
    for (const rule of accessRulesOf(role)) {
      if (!covers(rule, "", "secrets")) continue;
      if (role.type === CLUSTER_ROLE)
        yield `reads Secrets of every namespace (${rule.verbs.join(", ")}); use a Role`;
      else if (rule.verbs.some((verb) => WHOLESALE.includes(verb)))
        yield `reads all Secrets of its namespace (${rule.verbs.join(", ")}); grant get with resourceNames`;
      else if (rule.names.length === 0) yield "reads any Secret of its namespace; name them in resourceNames";
    }
  },
});
