import { JWT_ROLE, KUBERNETES_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-role-own-policies",
  title: "A role gives at least one policy, and never root",
  why: "`root` is everything. A role without policies logs in and may do nothing, which shows only when the first file fails.",
  remedy: "Name in `tokenPolicies` the policy that was made for this role.",
  severity: "critical",
  types: [KUBERNETES_ROLE, JWT_ROLE],
  *check(role) {
    const policies = role.texts("tokenPolicies");
    if (policies.length === 0) yield "gives no policy, so that its tokens may do nothing; set tokenPolicies";
    if (policies.includes("root"))
      yield "gives the policy root, which is everything; name a narrow one in tokenPolicies";
  },
});
