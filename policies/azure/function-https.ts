import { WEB_APP } from "../reading/azure";
import { checkov, cisAzure } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-function-https",
  title: "The relay answers over TLS only, and takes no code by FTP",
  why: "Event Grid's login stands in its requests.",
  remedy:
    "Set `httpsOnly` to true, `siteConfig.minTlsVersion` to 1.2 and `siteConfig.ftpsState` to Disabled.",
  severity: "high",
  references: [
    checkov("CKV_AZURE_14"),
    checkov("CKV_AZURE_70"),
    checkov("CKV_AZURE_78"),
    checkov("CKV_AZURE_145"),
    cisAzure("9.2"),
  ],
  types: [WEB_APP],
  *check(app) {
    if (app.flag("httpsOnly") !== true) yield "answers in the clear; set httpsOnly to true";
    const tls = app.text("siteConfig.minTlsVersion") ?? "1.2";
    if (!["1.2", "1.3"].includes(tls)) yield `takes TLS ${tls}; set siteConfig.minTlsVersion to 1.2`;
    const ftps = app.text("siteConfig.ftpsState");
    if (ftps === "AllAllowed") yield "takes code by FTP; set siteConfig.ftpsState to Disabled";
    if (app.flag("siteConfig.remoteDebuggingEnabled") === true)
      yield "can be debugged from afar; set siteConfig.remoteDebuggingEnabled to false";
  },
});
