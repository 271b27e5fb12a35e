import * as z from "zod";
import { KEY_VAULT, settingsOf } from "../reading/azure";
import { checkov } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-key-vault-narrow-networks",
  title: "The networks that a key vault answers are narrow",
  why: "A rule for half of the internet is no rule.",
  remedy:
    "List the addresses of runners and clusters, or set `publicNetworkAccess` to Disabled and use a private endpoint.",
  severity: "high",
  references: [checkov("CKV_AZURE_189")],
  types: [KEY_VAULT],
  limits: z.strictObject({
    minPrefix: z.number().int().min(0).max(32).default(24).describe("Shortest IPv4 prefix that is allowed."),
  }),
  *check(vault, { minPrefix }) {
    const settings = settingsOf(vault);
    if (settings.text("publicNetworkAccess")?.toLowerCase() === "disabled") return;
    for (const rule of settings.list("networkAcls.ipRules")) {
      const address = rule.text("value") ?? "";
      const prefix = Number(address.split("/")[1] ?? 32);
      if (prefix < minPrefix)
        yield `answers ${address}, which is wider than /${minPrefix}; list the addresses that need it`;
    }
  },
});
