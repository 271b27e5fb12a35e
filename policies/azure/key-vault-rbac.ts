import { ACCESS_POLICY, KEY_VAULT, settingsOf } from "../reading/azure";
import { cisAzure, psrule } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-key-vault-rbac",
  title: "Who may use a key vault is said by role assignments",
  why: "Access policies are for a whole vault: who decrypts with one key decrypts with all. Whoever may change the vault writes them for themselves.",
  remedy:
    "Set `enableRbacAuthorization` to true, leave `accessPolicies` out, and assign roles to single keys.",
  severity: "high",
  references: [psrule("Azure.KeyVault.RBAC"), psrule("AZR-000118"), cisAzure("8.6")],
  types: [KEY_VAULT, ACCESS_POLICY],
  *check(vault) {
    if (vault.type === ACCESS_POLICY) {
      yield "is an access policy, which is for a whole vault; assign a role to the key instead";
      return;
    }
    const settings = settingsOf(vault);
    // Left out, this version of the API takes it for false.
    if (settings.flag("enableRbacAuthorization") !== true)
      yield "is guarded by access policies; set enableRbacAuthorization to true";
    if (settings.list("accessPolicies").length > 0)
      yield "has access policies, which role assignments replace; take accessPolicies out";
  },
});
