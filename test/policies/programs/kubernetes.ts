import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding";

const role = new ClusterRole("role", {
  metadata: { name: "policies-test" },
  rules: [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
    { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] },
  ],
});
new ClusterRoleBinding("binding", {
  metadata: { name: "policies-test" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
  subjects: [{ kind: "Group", name: "system:authenticated", apiGroup: "rbac.authorization.k8s.io" }],
});
new ConfigMap("settings", { metadata: { name: "policies-test" }, data: { DB_PASSWORD: "canary-9f2c" } });
