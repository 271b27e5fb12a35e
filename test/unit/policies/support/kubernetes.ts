import { CANARY, maker } from "./resources";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1";
const metadata = { name: "it", namespace: "flux-system" };
const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "tokens" };
const account = { kind: "ServiceAccount", name: "kustomize-controller", namespace: "flux-system" };

/** A rule of a Role that breaks none of ours. */
export const access = {
  apiGroups: [""],
  resources: ["serviceaccounts/token"],
  resourceNames: ["sops"],
  verbs: ["create"],
};

export const role = maker(`${RBAC}:Role`, { metadata, rules: [access] });
export const clusterRole = maker(`${RBAC}:ClusterRole`, {
  metadata: { name: "it" },
  rules: [{ apiGroups: [""], resources: ["namespaces"], verbs: ["get"] }],
});
export const roleBinding = maker(`${RBAC}:RoleBinding`, { metadata, roleRef, subjects: [account] });
export const clusterRoleBinding = maker(`${RBAC}:ClusterRoleBinding`, {
  metadata: { name: "it" },
  roleRef: { ...roleRef, kind: "ClusterRole", name: "system:auth-delegator" },
  subjects: [{ kind: "ServiceAccount", name: "vault-token-reviewer", namespace: "flux-system" }],
});
export const serviceAccount = maker("kubernetes:core/v1:ServiceAccount", {
  metadata,
  automountServiceAccountToken: false,
});
export const secret = maker("kubernetes:core/v1:Secret", {
  metadata: { name: "webhook", namespace: "flux-system" },
  data: { address: CANARY },
});
export const configMap = maker("kubernetes:core/v1:ConfigMap", {
  metadata: { name: "sopsloop-vault", namespace: "flux-system" },
  data: { "config.yaml": "instances: []\n" },
});
export const networkPolicy = maker("kubernetes:networking.k8s.io/v1:NetworkPolicy", {
  metadata: { name: "default-deny", namespace: "flux-system" },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});

export const DIGEST = `sha256:${"0".repeat(64)}`;

export const container = {
  name: "relay",
  image: `registry.example.com/sopsloop@${DIGEST}`,
  securityContext: {
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  },
};

export const deployment = maker("kubernetes:apps/v1:Deployment", {
  metadata: { name: "relay", namespace: "sopsloop" },
  spec: { template: { spec: { serviceAccountName: "relay", containers: [container] } } },
});
export const cronJob = maker("kubernetes:batch/v1:CronJob", {
  metadata: { name: "sweep", namespace: "sopsloop" },
  spec: {
    jobTemplate: {
      spec: {
        template: {
          spec: { serviceAccountName: "sweep", initContainers: [container], containers: [container] },
        },
      },
    },
  },
});
export const deploymentPatch = maker("kubernetes:apps/v1:DeploymentPatch", {
  metadata: { name: "relay", namespace: "sopsloop" },
  spec: { template: { spec: { containers: [{ name: "relay" }] } } },
});

/** The paths of a Deployment's one container. */
export const CONTAINERS = "spec.template.spec.containers";
