/** Where the API server keeps the objects of a kind. */
export interface KindLocation {
  readonly plural: string;
  readonly namespaced: boolean;
}

interface KnownKind extends KindLocation {
  /** Paths whose change costs a replacement, besides name and namespace. */
  readonly replaceOn?: readonly string[];
}

const SELECTOR = ["spec.selector"];
const RBAC = "rbac.authorization.k8s.io/v1";

/**
 * The kinds that the program declares. A kind that is not here works too, after one look at the API server's own list;
 * the table saves that request and knows what the list does not say.
 */
const KNOWN: Readonly<Record<string, KnownKind>> = {
  "v1/Namespace": { plural: "namespaces", namespaced: false },
  "v1/ServiceAccount": { plural: "serviceaccounts", namespaced: true },
  "v1/Secret": { plural: "secrets", namespaced: true, replaceOn: ["type"] },
  "v1/Service": { plural: "services", namespaced: true },
  "v1/PersistentVolumeClaim": {
    plural: "persistentvolumeclaims",
    namespaced: true,
    replaceOn: ["spec.storageClassName", "spec.accessModes"],
  },
  "v1/ConfigMap": { plural: "configmaps", namespaced: true },
  [`${RBAC}/Role`]: { plural: "roles", namespaced: true },
  [`${RBAC}/RoleBinding`]: { plural: "rolebindings", namespaced: true, replaceOn: ["roleRef"] },
  [`${RBAC}/ClusterRole`]: { plural: "clusterroles", namespaced: false },
  [`${RBAC}/ClusterRoleBinding`]: {
    plural: "clusterrolebindings",
    namespaced: false,
    replaceOn: ["roleRef"],
  },
  "networking.k8s.io/v1/NetworkPolicy": { plural: "networkpolicies", namespaced: true },
  "apps/v1/Deployment": { plural: "deployments", namespaced: true, replaceOn: SELECTOR },
  "apps/v1/DaemonSet": { plural: "daemonsets", namespaced: true, replaceOn: SELECTOR },
  "source.toolkit.fluxcd.io/v1/GitRepository": { plural: "gitrepositories", namespaced: true },
  "kustomize.toolkit.fluxcd.io/v1/Kustomization": { plural: "kustomizations", namespaced: true },
  "notification.toolkit.fluxcd.io/v1beta3/Alert": { plural: "alerts", namespaced: true },
  "notification.toolkit.fluxcd.io/v1beta3/Provider": { plural: "providers", namespaced: true },
};

export function knownKind(apiVersion: string, kind: string): KnownKind | undefined {
  return KNOWN[`${apiVersion}/${kind}`];
}

/** The Pulumi tokens of the table, for messages. */
export function knownTokens(): string[] {
  return Object.keys(KNOWN).map((key) => {
    const parts = key.split("/");
    const kind = parts.at(-1) ?? "";
    const group = parts.length === 2 ? "core" : parts[0];
    return `kubernetes:${group}/${parts.at(-2)}:${kind}`;
  });
}
