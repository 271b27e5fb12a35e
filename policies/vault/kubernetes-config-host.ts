import { isPrivateUrl, originOf } from "../reading/urls";
import { KUBERNETES_CONFIG } from "../reading/vault-reviewer";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-kubernetes-config-host",
  title: "Vault asks the API server over TLS, and leaves the issuer to it",
  why: "What the API server answers decides who logs in. An `issuer` here is compared with the text in the token, which differs from cluster to cluster, and refuses good ones.",
  remedy: "Use https in `kubernetesHost`, leave `issuer` out and set `disableIssValidation` to true.",
  severity: "high",
  types: [KUBERNETES_CONFIG],
  *check(config) {
    const host = config.text("kubernetesHost") ?? "";
    if (!isPrivateUrl(host))
      yield `asks ${originOf(host)} in the clear who is genuine; use https in kubernetesHost`;
    if (config.has("issuer"))
      yield "compares the issuer, which the API server does by itself; leave issuer out";
    if (config.flag("disableIssValidation") === false && config.has("disableIssValidation"))
      yield "has disableIssValidation at false; set it to true, the API server checks the issuer by itself";
  },
});
