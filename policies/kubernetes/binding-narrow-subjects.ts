import { CLUSTER_ROLE_BINDING, ROLE_BINDING } from "../reading/kubernetes";
import { checkov, cisKubernetes } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "kubernetes-binding-narrow-subjects",
  title: "Roles are bound to named accounts",
  why: "`system:authenticated` is every account of the cluster, and `default` every pod that says nothing.",
  remedy: "Bind service accounts that were made for this, by name.",
  severity: "high",
  references: [cisKubernetes("5.1.5"), checkov("CKV_K8S_42")],
  types: [ROLE_BINDING, CLUSTER_ROLE_BINDING],
  *check(binding) {
    for (const subject of binding.list("subjects")) {
      const kind = subject.text("kind") ?? "";
      const name = subject.text("name") ?? "";
      if (kind === "Group" && /^system:(authenticated|unauthenticated|serviceaccounts)/.test(name))
        yield `binds the group ${name}, which is everybody; name service accounts`;
      if (kind === "User" && name === "system:anonymous") yield "binds whoever does not log in; take it out";
      if (kind === "ServiceAccount" && name === "default")
        yield `binds the account ${subject.text("namespace") ?? ""}/default, which every pod there has; make one of its own`;
    }
  },
});
