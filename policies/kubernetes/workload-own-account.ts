import { podOf, WORKLOADS } from "../reading/kubernetes";
import { checkov, cisKubernetes } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "kubernetes-workload-own-account",
  title: "A workload runs as a service account of its own",
  why: "What is granted to `default` is granted to every pod of the namespace.",
  remedy: "Set `serviceAccountName`, and `automountServiceAccountToken` to what the pod needs.",
  severity: "medium",
  references: [cisKubernetes("5.1.5"), checkov("CKV_K8S_41")],
  types: WORKLOADS,
  *check(workload) {
    const account = podOf(workload).text("serviceAccountName") ?? "default";
    if (account === "default")
      yield "runs as the account that every pod of its namespace has; set serviceAccountName";
  },
});
