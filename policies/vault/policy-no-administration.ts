import { grantsOf } from "../reading/vault-policy";
import { isWrite, POLICY } from "../reading/vault-roles";
import { resourceRule } from "../rule";

/** What every token needs for itself. */
const OWN_TOKEN =
  /^auth\/token\/(lookup-self|renew-self|revoke-self)$|^sys\/(capabilities-self|leases\/renew|leases\/lookup)$/;

export const rule = resourceRule({
  name: "vault-policy-no-administration",
  title: "No policy writes to Vault's own settings",
  why: "Who may write policies, roles, mounts or audit devices gives themselves everything else, and takes the record of it away.",
  remedy:
    "Keep writes on `sys/`, `auth/` and `identity/` to the token that Pulumi runs with; docs/deployer-policy.hcl has it.",
  severity: "critical",
  types: [POLICY],
  *check(policy) {
    for (const grant of grantsOf(policy.at("policy")))
      if (isWrite(grant) && /^(sys|auth|identity)\//.test(grant.path) && !OWN_TOKEN.test(grant.path))
        yield `writes to Vault's own settings (${grant.capabilities.join(", ")} on ${grant.path}); leave that to the token that Pulumi runs with`;
  },
});
