import * as z from "zod";
import { KEY } from "../reading/azure";
import { SOPS_CONFIG_TYPES, sopsFileOf } from "../reading/sops-configs";
import { isOfStack } from "../reading/stack-keys";
import { TRANSIT_KEY } from "../reading/vault-roles";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-sops-config-own-keys",
  title: "Files are encrypted with the stack's own keys alone",
  why: "Whoever holds one key of a file reads it. A key of somebody else's in `.sops.yaml`, beside the right one or in another rule, opens every file that is written from then on.",
  remedy:
    "Take the key out, or declare it in the stack. Name the age recipients that are meant in `ageRecipients`.",
  severity: "critical",
  types: SOPS_CONFIG_TYPES,
  limits: z.strictObject({
    ageRecipients: z
      .array(z.string().min(1))
      .default([])
      .describe("Age recipients that are meant. Empty: no stack makes them, and any is taken."),
  }),
  *check(subject, stack, { ageRecipients }) {
    const file = sopsFileOf(subject);
    // Where no key is of the stack, its keys are somebody else's to declare.
    if (!file || stack.ofType(TRANSIT_KEY, KEY).length === 0) return;
    for (const { number, keys } of file.rules)
      for (const each of keys) {
        if (each.kind === "age") {
          if (ageRecipients.length > 0 && !ageRecipients.includes(each.key))
            yield `.sops.yaml, rule ${number}, encrypts to ${each.key}, which ageRecipients does not name; take it out`;
        } else if (!isOfStack(each, stack))
          yield `.sops.yaml, rule ${number}, encrypts with ${each.key}, which is no key of this stack; take it out`;
      }
  },
});
