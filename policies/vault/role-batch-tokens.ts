import { isGuideRole, JWT_ROLE, KUBERNETES_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-role-batch-tokens",
  title: "Logins leave nothing in Vault's storage",
  why: "Flux logs in for every Kustomization at every interval. As service tokens, those logins have filled Vaults until they stopped.",
  remedy: 'Set `tokenType` to `"batch"`.',
  severity: "medium",
  types: [KUBERNETES_ROLE, JWT_ROLE],
  *check(role) {
    const type = role.text("tokenType") ?? "";
    if (type === "batch" || isGuideRole(role)) return;
    yield `makes ${type === "" || type.startsWith("default") ? "service" : type} tokens, each of which Vault stores until it ends; set tokenType to batch`;
  },
});
