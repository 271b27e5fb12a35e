import { KUSTOMIZATION } from "../reading/flux";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "flux-kustomization-no-substitution",
  title: "What was decrypted is not rewritten",
  why: "Flux substitutes variables after it has decrypted: a password with a dollar sign and braces in it is changed, or fails the build.",
  remedy: "Decrypt in a Kustomization of its own, without `postBuild`.",
  severity: "medium",
  types: [KUSTOMIZATION],
  *check(kustomization) {
    if (kustomization.has("spec.decryption.provider") && kustomization.has("spec.postBuild"))
      yield `substitutes variables in what it decrypted, so that a secret with \${ in it is changed; leave spec.postBuild out`;
  },
});
