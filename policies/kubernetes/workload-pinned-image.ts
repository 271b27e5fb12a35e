import { containerName, containersOf, podOf, WORKLOADS } from "../reading/kubernetes";
import { checkov } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "kubernetes-workload-pinned-image",
  title: "A container's image is named by its digest",
  why: "Whoever may push to the registry puts other code under the same tag, and it runs as an account that may decrypt or trigger.",
  remedy: "Write the image as `name@sha256:…`.",
  severity: "medium",
  references: [checkov("CKV_K8S_14"), checkov("CKV_K8S_43")],
  types: WORKLOADS,
  *check(workload) {
    for (const container of containersOf(podOf(workload))) {
      const image = container.text("image") ?? "";
      if (!/@sha256:[0-9a-f]{64}$/.test(image))
        yield `${containerName(container)} runs ${image || "no image"}, which can become another one; write it as name@sha256:…`;
    }
  },
});
