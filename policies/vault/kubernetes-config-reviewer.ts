import { KUBERNETES_CONFIG } from "../reading/vault-reviewer";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-kubernetes-config-reviewer",
  title: "Vault has a reviewer of its own for Kubernetes tokens",
  why: "Without one, Vault shows the API server the client's token, which it refuses because that token was made for Vault: every login fails.",
  remedy:
    "In the cluster, leave `disableLocalCaJwt` at false; outside of it, set `tokenReviewerJwt` and `kubernetesCaCert`, or use the jwt method.",
  severity: "high",
  types: [KUBERNETES_CONFIG],
  *check(config) {
    if (config.has("tokenReviewerJwtWo"))
      yield "gives its reviewer as tokenReviewerJwtWo, which is sent only when its version changes while each write replaces all: renewing the CA would wipe it; use tokenReviewerJwt";
    else if (config.flag("disableLocalCaJwt") === true && !config.has("tokenReviewerJwt"))
      yield "has no reviewer, and the API server refuses tokens that were made for Vault; set tokenReviewerJwt, or disableLocalCaJwt to false in the cluster";
    if (
      config.has("tokenReviewerJwt") &&
      !config.has("kubernetesCaCert") &&
      config.flag("disableLocalCaJwt") === true
    )
      yield "sends its reviewer's token to a server that no CA vouches for; set kubernetesCaCert";
  },
});
