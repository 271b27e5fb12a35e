import { AUDIT, discards } from "../reading/vault-audit";
import { TRANSIT_KEY } from "../reading/vault-roles";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-audit-device-exists",
  title: "Vault writes down who decrypted",
  why: "Without an audit device nobody can tell what was read with a stolen token.",
  remedy:
    "Set `sopsloop:vault.audit.path`. Where somebody else looks after Vault and has a device, disable this rule.",
  severity: "high",
  types: [TRANSIT_KEY],
  *check(_, stack) {
    if (!stack.ofType(AUDIT).some((device) => discards(device) === undefined))
      yield "is used without an audit device in this stack; set sopsloop:vault.audit.path";
  },
});
