import { DEPLOYMENT, STORAGE_ACCOUNT } from "../reading/azure";
import { checkov, cisAzure } from "../references";
import { stackRule } from "../rule";
import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";

export const rule = stackRule({
  name: "azure-storage-account-private",
  title: "A storage account has no public blobs, no shared keys and no plain HTTP",
  why: "Dead letters tell which keys were rotated when, and the relay's code is what it runs.",
  remedy:
    "Set `allowBlobPublicAccess` and `allowSharedKeyAccess` to false, `enableHttpsTrafficOnly` to true and `minimumTlsVersion` to TLS1_2. Shared keys may stay where a `Deployment` of the stack signs the URL of an app's package with them, and the account's network rules deny the rest.",
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
  *check(account, stack) {
    if (account.flag("allowBlobPublicAccess") !== false)
      yield "may have public blobs; set allowBlobPublicAccess to false";
    if (account.flag("allowSharedKeyAccess") !== false && !signsPackages(account, stack))
      yield "takes shared keys, which no log tells apart; set allowSharedKeyAccess to false";
    if (account.flag("enableHttpsTrafficOnly") === false)
      yield "answers in the clear; set enableHttpsTrafficOnly to true";
    const tls = account.text("minimumTlsVersion") ?? "unsaid";
    if (!["TLS1_2", "TLS1_3"].includes(tls)) yield `takes TLS ${tls}; set minimumTlsVersion to TLS1_2`;
  },
});

/** Whether Azure needs the account's key to hand an app its code, and nobody comes in from elsewhere. */
function signsPackages(account: Subject, stack: Stack): boolean {
  if (account.text("networkRuleSet.defaultAction") !== "Deny") return false;
  const name = account.text("name") ?? account.text("accountName") ?? "";
  return stack.ofType(DEPLOYMENT).some((deployment) => {
    const { accountId, signs } = packageOf(deployment);
    return signs && accountId.toLowerCase().endsWith(`/storageaccounts/${name}`);
  });
}

function packageOf(deployment: Subject) {
  const resources = deployment.list("properties.template.resources");
  return {
    accountId: deployment.text("properties.parameters.accountId.value") ?? "",
    signs: resources.some((each) => each.text("properties.packageUri")?.includes("listServiceSas(") === true),
  };
}
