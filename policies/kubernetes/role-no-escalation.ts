import { accessRulesOf, CLUSTER_ROLE, ROLE } from "../reading/kubernetes";
import { checkov, cisKubernetes, trivy } from "../references";
import { resourceRule } from "../rule";

const ESCALATION = ["bind", "escalate", "impersonate"];

export const rule = resourceRule({
  name: "kubernetes-role-no-escalation",
  title: "No role lets its holder become somebody else",
  why: "With `bind`, `escalate` or `impersonate` its holder takes any other role or account, that of the decryptor too.",
  remedy: "Take those verbs out.",
  severity: "critical",
  references: [
    cisKubernetes("5.1.8"),
    checkov("CKV2_K8S_1"),
    checkov("CKV2_K8S_3"),
    trivy("KSV-0043"),
    trivy("KSV-0050"),
  ],
  types: [ROLE, CLUSTER_ROLE],
  *check(role) {
    for (const { verbs, resources } of accessRulesOf(role))
      for (const verb of verbs.filter((each) => ESCALATION.includes(each)))
        yield `grants ${verb} on ${resources.join(", ")}, by which its holder becomes somebody else; take it out`;
  },
});
