import { DIAGNOSTIC_SETTING, isVaultsId, KEY_VAULT, leadsTo } from "../reading/azure";
import { cisAzure, kics, psrule } from "../references";
import { stackRule } from "../rule";
import type { Subject } from "../values/subject";

const DESTINATIONS = [
  "workspaceId",
  "storageAccountId",
  "eventHubAuthorizationRuleId",
  "marketplacePartnerId",
];

export const rule = stackRule({
  name: "azure-key-vault-logged",
  title: "A key vault's log of who did what is kept",
  why: "Nobody can tell later who decrypted what, or that somebody tried.",
  remedy: "Declare a `DiagnosticSetting` for the vault with the log category AuditEvent, or the group audit.",
  severity: "high",
  references: [psrule("AZR-000119"), kics("38c71c00-c177-4cd7-8d36-cd1007cdb190"), cisAzure("5.1.5")],
  types: [KEY_VAULT],
  *check(vault, stack) {
    const own = stack
      .ofType(DIAGNOSTIC_SETTING)
      .filter((setting) => leadsTo(setting, "resourceUri", vault, (id) => isVaultsId(id, vault)));
    if (!own.some(keepsAudit))
      yield "keeps no log of who used its keys; declare a DiagnosticSetting with AuditEvent for it";
  },
});

function keepsAudit(setting: Subject): boolean {
  const isKept = DESTINATIONS.some((each) => setting.has(each));
  return (
    isKept &&
    setting
      .list("logs")
      .some(
        (log) =>
          log.flag("enabled") === true &&
          (log.text("category") === "AuditEvent" ||
            ["audit", "allLogs"].includes(log.text("categoryGroup") ?? "")),
      )
  );
}
