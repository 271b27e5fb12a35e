import { isGuideRole, JWT_ROLE, KUBERNETES_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-role-no-default-policy",
  title: "A token has its own policies and not Vault's default one",
  why: "What stands in `default` is up to whoever runs Vault, and may be more tomorrow.",
  remedy: "Set `tokenNoDefaultPolicy` to true.",
  severity: "medium",
  types: [KUBERNETES_ROLE, JWT_ROLE],
  *check(role) {
    if (role.flag("tokenNoDefaultPolicy") === true || isGuideRole(role)) return;
    yield "gives its tokens the policy default beside its own; set tokenNoDefaultPolicy to true";
  },
});
