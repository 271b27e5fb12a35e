import { STORAGE_ACCOUNT } from "../reading/azure";
import { checkov, cisAzure } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-storage-account-private",
  title: "A storage account has no public blobs, no shared keys and no plain HTTP",
  why: "Dead letters tell which keys were rotated when, and the relay's code is what it runs.",
  remedy:
    "Set `allowBlobPublicAccess` and `allowSharedKeyAccess` to false, `enableHttpsTrafficOnly` to true and `minimumTlsVersion` to TLS1_2.",
  severity: "high",
  references: [
    checkov("CKV_AZURE_3"),
    checkov("CKV_AZURE_44"),
    checkov("CKV_AZURE_190"),
    checkov("CKV2_AZURE_40"),
    cisAzure("3.1"),
    cisAzure("3.15"),
  ],
  types: [STORAGE_ACCOUNT],
  *check(account) {
    if (account.flag("allowBlobPublicAccess") !== false)
      yield "may have public blobs; set allowBlobPublicAccess to false";
    if (account.flag("allowSharedKeyAccess") !== false)
      yield "takes shared keys, which no log tells apart; set allowSharedKeyAccess to false";
    if (account.flag("enableHttpsTrafficOnly") === false)
      yield "answers in the clear; set enableHttpsTrafficOnly to true";
    const tls = account.text("minimumTlsVersion") ?? "unsaid";
    if (!["TLS1_2", "TLS1_3"].includes(tls)) yield `takes TLS ${tls}; set minimumTlsVersion to TLS1_2`;
  },
});
