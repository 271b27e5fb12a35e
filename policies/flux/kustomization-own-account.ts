import { KUSTOMIZATION } from "../reading/flux";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "flux-kustomization-own-account",
  title: "A Kustomization that decrypts says as whom",
  why: "Without an account Flux decrypts as its controller, so that whoever may write a Kustomization in any namespace decrypts with every key of the controller's.",
  remedy:
    "Set `spec.decryption.provider` to sops and `spec.decryption.serviceAccountName` to one of the decryptors.",
  severity: "high",
  types: [KUSTOMIZATION],
  *check(kustomization) {
    const provider = kustomization.text("spec.decryption.provider");
    if (provider === undefined) return;
    if (provider !== "sops")
      yield `decrypts by ${provider}, which Flux does not know; set spec.decryption.provider to sops`;
    if (!kustomization.has("spec.decryption.serviceAccountName"))
      yield "decrypts as Flux's own controller; set spec.decryption.serviceAccountName";
  },
});
