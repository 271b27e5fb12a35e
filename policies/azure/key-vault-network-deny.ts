import { KEY_VAULT, settingsOf } from "../reading/azure";
import { checkov, psrule, trivy } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-key-vault-network-deny",
  title: "A key vault answers named networks only",
  why: "A stolen token is worth nothing where the vault cannot be reached.",
  remedy:
    "Set `networkAcls.defaultAction` to Deny, with `ipRules` or `virtualNetworkRules` for those who need it.",
  severity: "critical",
  references: [checkov("CKV_AZURE_109"), trivy("AZU-0013"), psrule("Azure.KeyVault.Firewall")],
  types: [KEY_VAULT],
  *check(vault) {
    const settings = settingsOf(vault);
    if (settings.text("publicNetworkAccess")?.toLowerCase() === "disabled") return;
    if (settings.text("networkAcls.defaultAction") !== "Deny")
      yield "answers every network; set networkAcls.defaultAction to Deny";
  },
});
