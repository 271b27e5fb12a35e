import * as z from "zod";
import { isProduction, productionStacks } from "../limits";
import { KEY_VAULT, settingsOf } from "../reading/azure";
import { checkov, cisAzure, psrule } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-key-vault-soft-delete",
  title: "A deleted key vault can be brought back for long enough",
  why: "That the key is gone shows when a file fails, which may be weeks later.",
  remedy: "Leave `enableSoftDelete` at true and set `softDeleteRetentionInDays`; it can be set only once.",
  severity: "high",
  references: [checkov("CKV_AZURE_111"), checkov("CKV_AZURE_42"), psrule("AZR-000124"), cisAzure("8.5")],
  types: [KEY_VAULT],
  limits: z.strictObject({
    minDays: z.number().int().min(7).max(90).default(30).describe("Days that a deleted vault is kept."),
    minDaysInProduction: z.number().int().min(7).max(90).default(90).describe("The same in production."),
    productionStacks,
  }),
  *check(vault, { minDays, minDaysInProduction, productionStacks }) {
    const settings = settingsOf(vault);
    const least = isProduction(vault, productionStacks) ? minDaysInProduction : minDays;
    const days = settings.number("softDeleteRetentionInDays") ?? 90;
    if (settings.flag("enableSoftDelete") === false)
      yield "is gone once it is deleted; set enableSoftDelete to true";
    if (days < least)
      yield `is kept for ${days} days once it is deleted; set softDeleteRetentionInDays to ${least} or more`;
  },
});
