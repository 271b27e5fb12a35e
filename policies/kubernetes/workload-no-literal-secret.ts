import { containerName, containersOf, podOf, WORKLOAD_PATCHES, WORKLOADS } from "../reading/kubernetes";
import { credentialIn, namesCredential } from "../reading/secret-texts";
import { checkov } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "kubernetes-workload-no-literal-secret",
  title: "No credential stands in a container's environment or arguments",
  why: "Whoever may look at the Deployment reads it, and so does every process list and crash report.",
  remedy: "Mount a Secret as a file, or refer to it by `valueFrom.secretKeyRef`.",
  severity: "critical",
  references: [checkov("CKV_K8S_35")],
  types: [...WORKLOADS, ...WORKLOAD_PATCHES],
  *check(workload) {
    for (const container of containersOf(podOf(workload))) {
      const where = containerName(container);
      for (const variable of container.list("env")) {
        const name = variable.text("name") ?? "";
        if (!variable.has("value")) continue;
        const kind =
          credentialIn(variable.text("value") ?? "") ?? (namesCredential(name) ? "a credential" : undefined);
        if (kind) yield `${where} has ${kind} in the variable ${name}; refer to a Secret by valueFrom`;
      }
      for (const list of ["args", "command"]) {
        const kind = container
          .texts(list)
          .map(credentialIn)
          .find((each) => each !== undefined);
        if (kind) yield `${where} has ${kind} in its ${list}; mount a Secret as a file`;
      }
    }
  },
});
