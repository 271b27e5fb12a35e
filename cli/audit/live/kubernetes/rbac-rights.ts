import type { Account, Binding, RbacRule } from "./facts";

/** Any of these verbs on a resource of an API group. */
type Right = readonly [group: string, resource: string, ...verbs: string[]];

const RBAC = "rbac.authorization.k8s.io";
const WRITE = ["create", "update", "patch"] as const;

/** What makes pods, changes what runs in them, or gets into them. `get` opens a connection too: a WebSocket begins with it. */
const POD_MAKERS: readonly Right[] = [
  ["", "pods", ...WRITE],
  ["", "pods/exec", "create", "get"],
  ["", "pods/attach", "create", "get"],
  ["", "pods/ephemeralcontainers", "update", "patch"],
  ["", "replicationcontrollers", ...WRITE],
  ["apps", "deployments", ...WRITE],
  ["apps", "daemonsets", ...WRITE],
  ["apps", "statefulsets", ...WRITE],
  ["apps", "replicasets", ...WRITE],
  ["batch", "jobs", ...WRITE],
  ["batch", "cronjobs", ...WRITE],
];

/** What Flux decrypts and applies, and from where. A new source alone does nothing. */
const FLUX: readonly Right[] = [
  ["kustomize.toolkit.fluxcd.io", "kustomizations", ...WRITE],
  ["helm.toolkit.fluxcd.io", "helmreleases", ...WRITE],
  ["source.toolkit.fluxcd.io", "gitrepositories", "update", "patch"],
  ["source.toolkit.fluxcd.io", "ocirepositories", "update", "patch"],
  ["source.toolkit.fluxcd.io", "buckets", "update", "patch"],
];

/** By `*`, or by rights on rights themselves: in the whole cluster, or only where the binding counts. */
const GIVES_ALL: readonly Right[] = [[RBAC, "clusterroles", "escalate", "bind"]];
const GIVES_HERE: readonly Right[] = [
  [RBAC, "roles", "escalate", "bind"],
  [RBAC, "clusterroles", "bind"],
];

/** Whoever has it may ask whether a token is genuine: to give that away is what the program does for Vault. */
const REVIEWS = "system:auth-delegator";

export function escalates(binding: Binding): boolean {
  return binding.namespace === undefined && hasAny(worthGiving(binding), GIVES_ALL);
}

/** Also by a role of its namespace alone. */
export function escalatesHere(binding: Binding): boolean {
  return hasAny(worthGiving(binding), GIVES_HERE);
}

function worthGiving(binding: Binding): Binding {
  const harmless = ({ resourceNames: names = [], verbs }: RbacRule) =>
    names.length > 0 && names.every((name) => name === REVIEWS) && verbs.every((verb) => verb === "bind");
  return { ...binding, rules: binding.rules.filter((rule) => !harmless(rule)) };
}

export function asksFor(binding: Binding, { name }: Account): boolean {
  return allows(binding, "", "serviceaccounts/token", "create", name);
}

export function actsAs(binding: Binding, { namespace, name }: Account): boolean {
  if (allows(binding, "", "serviceaccounts", "impersonate", name)) return true;
  // Users are nobody's namespace's.
  return (
    binding.namespace === undefined &&
    allows(binding, "", "users", "impersonate", `system:serviceaccount:${namespace}:${name}`)
  );
}

export function runsPods(binding: Binding): boolean {
  // Nodes are nobody's namespace's either: by them the kubelet runs commands in any pod.
  const byNode = binding.namespace === undefined && hasAny(binding, [["", "nodes/proxy", "create", "get"]]);
  return byNode || hasAny(binding, POD_MAKERS);
}

/** Which of Flux's kinds it may change, as kubectl calls them. */
export function steers(binding: Binding): string[] {
  return FLUX.filter((right) => hasAny(binding, [right])).map(([, resource]) => resource);
}

/** A Secret of the right type is filled with a token by Kubernetes. */
export function makesSecrets(binding: Binding): boolean {
  return allows(binding, "", "secrets", "create");
}

/** A patch is answered with the whole Secret. */
export function readsSecrets(binding: Binding): boolean {
  return hasAny(binding, [["", "secrets", "get", "list", "watch", "patch"]]);
}

export function countsIn(binding: Binding, namespace: string): boolean {
  return binding.namespace === undefined || binding.namespace === namespace;
}

function hasAny(binding: Binding, rights: readonly Right[]): boolean {
  return rights.some(([group, resource, ...verbs]) =>
    verbs.some((verb) => allows(binding, group, resource, verb)),
  );
}

function allows(binding: Binding, group: string, resource: string, verb: string, name?: string): boolean {
  const subresource = resource.includes("/") ? `*/${resource.split("/")[1]}` : resource;
  return binding.rules.some((rule) => {
    const named = rule.resourceNames ?? [];
    return (
      has(rule.apiGroups, group) &&
      (has(rule.resources, resource) || has(rule.resources, subresource)) &&
      has(rule.verbs, verb) &&
      (named.length === 0 || name === undefined || named.includes(name))
    );
  });
}

function has(list: RbacRule["resources"], one: string): boolean {
  return list !== undefined && (list.includes("*") || list.includes(one));
}
