import { TRANSIT_KEY } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-transit-key-unexportable",
  title: "A transit key cannot leave Vault",
  why: "Who has exported the key decrypts every file without Vault: no audit log tells, and no revoked policy helps. Vault never takes `exportable` back.",
  remedy: "Leave `exportable` out. For a key that has it already: make a new key and move the files to it.",
  severity: "critical",
  types: [TRANSIT_KEY],
  *check(key) {
    if (key.flag("exportable") === true)
      yield "can be exported, and no audit log tells what is decrypted with the copy; set exportable to false in a new key, Vault never takes it back in this one";
  },
});
