import { KUSTOMIZATION } from "../reading/flux";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "flux-kustomization-reconciles",
  title: "Flux deletes what left the repository, and tells when something does not become ready",
  why: "Without `prune` a Secret that was taken out stays in the cluster. Without `wait` and `timeout` a file that nobody can decrypt looks applied.",
  remedy: "Set `spec.prune` and `spec.wait` to true and `spec.timeout` to minutes.",
  severity: "medium",
  types: [KUSTOMIZATION],
  *check(kustomization) {
    if (kustomization.flag("spec.prune") !== true)
      yield "leaves what was taken out of the repository in the cluster; set spec.prune to true";
    if (kustomization.flag("spec.wait") !== true && kustomization.list("spec.healthChecks").length === 0)
      yield "counts as applied before anything is ready; set spec.wait to true";
    if (!kustomization.has("spec.timeout")) yield "waits as long as its interval; set spec.timeout";
    if (kustomization.flag("spec.suspend") === true)
      yield "is suspended, so that rewrapped files never arrive; set spec.suspend to false";
  },
});
