import { isGuideRole, KUBERNETES_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-kubernetes-role-audience",
  title: "A Kubernetes role takes only tokens that were made for Vault",
  why: "Without an audience, Vault takes any token of the account: whoever was sent one, another service for instance, logs in with it.",
  remedy: "Set `audience` to Vault's address, which is what Flux asks its tokens for.",
  severity: "high",
  types: [KUBERNETES_ROLE],
  *check(role) {
    if (role.has("audience") || isGuideRole(role)) return;
    yield "takes tokens that were made for anybody; set audience to Vault's address";
  },
});
