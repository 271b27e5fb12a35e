import { accessRulesOf, CLUSTER_ROLE, covers, ROLE } from "../reading/kubernetes";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "kubernetes-role-narrow-tokens",
  title: "Tokens of service accounts can be made for named accounts only",
  why: "Who makes a token of the decryptor for Vault's audience decrypts everything that it may.",
  remedy: "Use a Role, with the accounts' names in `resourceNames`.",
  severity: "critical",
  types: [ROLE, CLUSTER_ROLE],
  *check(role) {
    for (const rule of accessRulesOf(role)) {
      if (
        !covers(rule, "", "serviceaccounts/token") ||
        !rule.verbs.some((verb) => ["create", "*"].includes(verb))
      )
        continue;
      if (role.type === CLUSTER_ROLE)
        yield "makes tokens of every account of the cluster; use a Role with resourceNames";
      else if (rule.names.length === 0)
        yield "makes tokens of every account of its namespace; name the accounts in resourceNames";
    }
  },
});
