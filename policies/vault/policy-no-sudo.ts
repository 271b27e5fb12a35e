import { grantsOf } from "../reading/vault-policy";
import { POLICY } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-policy-no-sudo",
  title: "No policy grants sudo",
  why: "`sudo` opens the paths that Vault guards twice: raw storage, audit devices, root tokens.",
  remedy:
    "Take `sudo` out; what needs it belongs to a person with a token of their own, for as long as it takes.",
  severity: "critical",
  types: [POLICY],
  *check(policy) {
    for (const { path, capabilities } of grantsOf(policy.at("policy")))
      if (capabilities.includes("sudo")) yield `grants sudo on ${path}; take it out`;
  },
});
