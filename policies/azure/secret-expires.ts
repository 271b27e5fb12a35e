import { KEY_VAULT_SECRET, settingsOf } from "../reading/azure";
import { checkov, cisAzure, kics, trivy } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-secret-expires",
  title: "A secret in a key vault expires and says what it is",
  why: "A trigger token that nobody remembers works for whoever finds it.",
  remedy: "Set `attributes.expires` (seconds since 1970) and `contentType`.",
  severity: "medium",
  references: [
    checkov("CKV_AZURE_41"),
    checkov("CKV_AZURE_114"),
    trivy("AZU-0015"),
    trivy("AZU-0017"),
    kics("f8e08a38-fc6e-4915-abbe-a7aadf1d59ef"),
    cisAzure("8.3"),
  ],
  types: [KEY_VAULT_SECRET],
  *check(secret) {
    const settings = settingsOf(secret);
    if (!settings.has("attributes.expires")) yield "never expires; set attributes.expires";
    if (!settings.has("contentType")) yield "does not say what it is; set contentType";
  },
});
