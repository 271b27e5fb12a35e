import { KEY_VAULT, settingsOf } from "../reading/azure";
import { checkov, cisAzure, psrule, trivy } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-key-vault-purge-protection",
  title: "A deleted key vault cannot be purged",
  why: "Purging takes every key away for good, and with them every file that they wrapped.",
  remedy: "Set `enablePurgeProtection` to true. Azure never takes it back.",
  severity: "critical",
  references: [checkov("CKV_AZURE_110"), trivy("AZU-0016"), psrule("AZR-000125"), cisAzure("8.5")],
  types: [KEY_VAULT],
  *check(vault) {
    if (settingsOf(vault).flag("enablePurgeProtection") !== true)
      yield "can be purged, and its keys with it; set enablePurgeProtection to true";
  },
});
