import type { Reader } from "../values/reader";
import type { Subject } from "../values/subject";

const RBAC = "kubernetes:rbac.authorization.k8s.io";
export const ROLE = `${RBAC}:Role`;
export const CLUSTER_ROLE = `${RBAC}:ClusterRole`;
export const ROLE_BINDING = `${RBAC}:RoleBinding`;
export const CLUSTER_ROLE_BINDING = `${RBAC}:ClusterRoleBinding`;
export const SECRET_OBJECT = "kubernetes:core:Secret";
export const CONFIG_MAP = "kubernetes:core:ConfigMap";
export const SERVICE_ACCOUNT = "kubernetes:core:ServiceAccount";
export const NETWORK_POLICY = "kubernetes:networking.k8s.io:NetworkPolicy";

/** Kinds that make pods and say all about them; patches say a part, which other rules look at. */
export const WORKLOADS = [
  "kubernetes:core:Pod",
  "kubernetes:apps:Deployment",
  "kubernetes:apps:DaemonSet",
  "kubernetes:apps:StatefulSet",
  "kubernetes:batch:Job",
  "kubernetes:batch:CronJob",
];
export const WORKLOAD_PATCHES = WORKLOADS.map((type) => `${type}Patch`);

/** `namespace/name` of an object; the namespace is `default` where none is said, as the cluster has it. */
export function objectOf(subject: Subject): string {
  return `${namespaceOf(subject)}/${subject.text("metadata.name") ?? ""}`;
}

export function namespaceOf(subject: Subject): string {
  return subject.text("metadata.namespace") || "default";
}

/** The spec of the pods that a workload makes. */
export function podOf(workload: Subject): Reader {
  if (workload.type.endsWith(":Pod") || workload.type.endsWith(":PodPatch")) return workload.at("spec");
  const template = workload.type.includes("CronJob") ? "spec.jobTemplate.spec.template" : "spec.template";
  return workload.at(`${template}.spec`);
}

/** All containers of a pod, those that run before the others included. */
export function containersOf(pod: Reader): readonly Reader[] {
  return [...pod.list("initContainers"), ...pod.list("containers")];
}

export function containerName(container: Reader): string {
  return `container ${container.text("name") ?? "without a name"}`;
}

/** A rule of a Role or ClusterRole. */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: all of them. */
  readonly names: readonly string[];
}

export function accessRulesOf(role: Subject): readonly AccessRule[] {
  return role.list("rules").map((rule) => ({
    verbs: rule.texts("verbs"),
    groups: rule.texts("apiGroups"),
    resources: rule.texts("resources"),
    names: rule.texts("resourceNames"),
  }));
}

/** Whether the rule is about a resource of a group, by its name or by a wildcard. */
export function covers({ groups, resources }: AccessRule, group: string, resource: string): boolean {
  const any = (list: readonly string[], one: string) => list.includes(one) || list.includes("*");
  return any(groups, group) && any(resources, resource);
}

/** Who is bound, as `ServiceAccount flux-system/kustomize-controller` or `Group system:authenticated`. */
export function subjectsOf(binding: Subject): readonly string[] {
  return binding.list("subjects").map((subject) => {
    const kind = subject.text("kind") ?? "";
    const name = subject.text("name") ?? "";
    const namespace = subject.text("namespace");
    return `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
  });
}
