import { AUDIT } from "../reading/vault-audit";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-audit-hashed",
  title: "The audit log holds no secret in the clear",
  why: "With `log_raw` every token and every decrypted data key stands in a file that many may read.",
  remedy: "Leave `log_raw` and `hmac_accessor` at their defaults.",
  severity: "critical",
  types: [AUDIT],
  *check(audit) {
    if (audit.flag("options.log_raw") === true)
      yield "writes tokens and data keys in the clear; take log_raw out of options";
    if (audit.flag("options.hmac_accessor") === false)
      yield "writes accessors in the clear, by which tokens can be revoked; take hmac_accessor out of options";
  },
});
