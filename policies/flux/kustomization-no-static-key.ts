import { KUSTOMIZATION } from "../reading/flux";
import { namespaceOf, SECRET_OBJECT } from "../reading/kubernetes";
import { stackRule } from "../rule";

const STATIC = /^sops\.(vault-token|aws-kms|azure-kv|gcp-kms)$|\.(agekey|asc)$/;

export const rule = stackRule({
  name: "flux-kustomization-no-static-key",
  title: "Flux decrypts with an identity and not with a credential from a Secret",
  why: "A token in `decryption.secretRef` is used for any address that a committed file names, and ends on a day that nobody has in their calendar.",
  remedy:
    "Leave `spec.decryption.secretRef` out and let the service account log in. Keep the break-glass age identity outside of the cluster.",
  severity: "high",
  types: [KUSTOMIZATION],
  *check(kustomization, stack) {
    const name = kustomization.text("spec.decryption.secretRef.name");
    if (name === undefined) return;
    const secret = stack
      .ofType(SECRET_OBJECT)
      .find(
        (each) => each.text("metadata.name") === name && namespaceOf(each) === namespaceOf(kustomization),
      );
    const keys = secret
      ? [...secret.entries("data"), ...secret.entries("stringData")]
          .map(([key]) => key)
          .filter((key) => STATIC.test(key))
      : [];
    yield `decrypts with what the Secret ${name} holds${keys.length > 0 ? ` (${keys.join(", ")})` : ""}; leave secretRef out and set serviceAccountName`;
  },
});
