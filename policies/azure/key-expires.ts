import { KEY, settingsOf } from "../reading/azure";
import { checkov, cisAzure, trivy } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-key-expires",
  title: "A key's versions expire",
  why: "An expired version still decrypts and no longer encrypts: what was missed shows up, and nothing is lost.",
  remedy: "Set `rotationPolicy.attributes.expiryTime`, such as P180D, longer than the period of rotation.",
  severity: "medium",
  references: [checkov("CKV_AZURE_40"), trivy("AZU-0014"), cisAzure("8.1")],
  types: [KEY],
  *check(key) {
    const settings = settingsOf(key);
    if (!settings.has("rotationPolicy.attributes.expiryTime") && !settings.has("attributes.expires"))
      yield "never expires; set rotationPolicy.attributes.expiryTime";
  },
});
