import { containerName, containersOf, podOf, WORKLOADS } from "../reading/kubernetes";
import { checkov } from "../references";
import { resourceRule } from "../rule";
import type { Reader } from "../values/reader";

export const rule = resourceRule({
  name: "kubernetes-workload-hardened",
  title: "A container cannot become root, write its own files or leave its sandbox",
  why: "What breaks into the process stays in the process.",
  remedy:
    "Set `runAsNonRoot`, `readOnlyRootFilesystem`, `allowPrivilegeEscalation: false`, `capabilities.drop: [ALL]` and a seccomp profile.",
  severity: "high",
  references: ["16", "20", "22", "23", "31", "37"].map((id) => checkov(`CKV_K8S_${id}`)),
  types: WORKLOADS,
  *check(workload) {
    const pod = podOf(workload);
    for (const container of containersOf(pod)) {
      const missing = missingIn(container.at("securityContext"), pod.at("securityContext"));
      if (missing.length > 0)
        yield `${containerName(container)} needs ${missing.join(", ")} in its securityContext`;
    }
    for (const shared of ["hostNetwork", "hostPID", "hostIPC"])
      if (pod.flag(shared) === true) yield `shares ${shared} with its node; leave it out`;
  },
});

function missingIn(container: Reader, pod: Reader): string[] {
  const either = (path: string) => container.flag(path) ?? pod.flag(path);
  const seccomp = container.text("seccompProfile.type") ?? pod.text("seccompProfile.type");
  const dropped = container.texts("capabilities.drop");
  return [
    ...(either("runAsNonRoot") === true ? [] : ["runAsNonRoot: true"]),
    ...(container.flag("readOnlyRootFilesystem") === true ? [] : ["readOnlyRootFilesystem: true"]),
    ...(container.flag("allowPrivilegeEscalation") === false ? [] : ["allowPrivilegeEscalation: false"]),
    ...(container.flag("privileged") === true ? ["privileged: false"] : []),
    ...(dropped.includes("ALL") ? [] : ["capabilities.drop: [ALL]"]),
    ...(seccomp === "RuntimeDefault" || seccomp === "Localhost"
      ? []
      : ["seccompProfile.type: RuntimeDefault"]),
  ];
}
