import { WEB_APP } from "../reading/azure";
import { checkov } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-function-identity",
  title: "The relay logs in as an identity and with no storage key",
  why: "A storage key opens all that lies in the account, the relay's own code too.",
  remedy:
    "Set `identity`, use `AzureWebJobsStorage__accountName`, and let deployments authenticate by an identity.",
  severity: "high",
  references: [checkov("CKV_AZURE_71")],
  types: [WEB_APP],
  *check(app) {
    const kind = app.text("identity.type") ?? "None";
    if (kind === "None") yield "has no identity to log in as; set identity.type";
    if (app.list("siteConfig.appSettings").some((setting) => setting.text("name") === "AzureWebJobsStorage"))
      yield "reaches its storage by a key (AzureWebJobsStorage); use AzureWebJobsStorage__accountName";
    const deployment = app.text("functionAppConfig.deployment.storage.authentication.type");
    if (deployment === "StorageAccountConnectionString")
      yield "fetches its code by a storage key; set functionAppConfig.deployment.storage.authentication.type to an identity";
  },
});
