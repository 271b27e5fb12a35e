import { type Grant, grantsOf } from "../reading/vault-policy";
import { isWrite, POLICY } from "../reading/vault-roles";
import { resourceRule } from "../rule";

/** Of the transit engine: settings of a key, and ways to take it out, bring another in, or make it forget. */
const ADMINISTRATION = [
  /(^|\/)keys\/[^/]+\/(config|rotate|trim|import|import_version|csr|set-certificate)$/,
  /(^|\/)keys\/[^/]+$/,
  /(^|\/)(restore|cache-config|config\/keys)(\/|$)/,
];
const EXTRACTION = /(^|\/)(export|backup|byok-export)\//;

export const rule = resourceRule({
  name: "vault-policy-no-key-administration",
  title: "No policy of a workload administers or takes out a key",
  why: "Who may write a key's settings lets it be exported or deleted, or raises `min_decryption_version` over the files that need it.",
  remedy:
    "Grant `update` on encrypt, decrypt, rewrap or hmac, and `read` on the key itself. Administration belongs to Pulumi's own token.",
  severity: "critical",
  types: [POLICY],
  *check(policy) {
    for (const grant of grantsOf(policy.at("policy"))) {
      if (isExtraction(grant)) yield `takes keys out of Vault (${grant.path}); leave that path to nobody`;
      else if (isWrite(grant) && ADMINISTRATION.some((form) => form.test(grant.path)))
        yield `administers a key (${grant.capabilities.join(", ")} on ${grant.path}); grant read there at most`;
    }
  },
});

function isExtraction({ path, capabilities }: Grant): boolean {
  return EXTRACTION.test(path) && capabilities.length > 0 && !capabilities.includes("deny");
}
