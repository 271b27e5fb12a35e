import { SYSTEM_TOPIC } from "../reading/azure";
import { checkov, psrule } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-event-topic-identity",
  title: "A topic delivers as an identity of its own",
  why: "Without one, it needs a storage key to keep the events that nobody took.",
  remedy: "Set `identity.type` to SystemAssigned or UserAssigned.",
  severity: "medium",
  references: [checkov("CKV_AZURE_191"), psrule("AZR-000099")],
  types: [SYSTEM_TOPIC],
  *check(topic) {
    const kind = topic.text("identity.type") ?? "None";
    if (kind === "None") yield "has no identity to deliver as; set identity.type to SystemAssigned";
  },
});
