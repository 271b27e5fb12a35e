import { CLUSTER_ROLE_BINDING, ROLE_BINDING, subjectsOf } from "../reading/kubernetes";
import { cisKubernetes } from "../references";
import { resourceRule } from "../rule";

/** Roles that come with Kubernetes and read Secrets, or do more than that. */
const MIGHTY = ["cluster-admin", "admin", "edit"];

export const rule = resourceRule({
  name: "kubernetes-binding-no-cluster-admin",
  title: "Nobody is bound to the cluster's own mighty roles",
  why: "`cluster-admin` is everything; `admin` and `edit` read every Secret of the namespace.",
  remedy: "Bind a Role that was written for this account.",
  severity: "critical",
  references: [cisKubernetes("5.1.1")],
  types: [ROLE_BINDING, CLUSTER_ROLE_BINDING],
  *check(binding) {
    const role = binding.text("roleRef.name") ?? "";
    if (binding.text("roleRef.kind") === "ClusterRole" && MIGHTY.includes(role))
      yield `makes ${subjectsOf(binding).join(", ") || "its subjects"} ${role}; bind a role that was written for them`;
  },
});
