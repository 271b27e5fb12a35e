import { TRANSIT_KEY } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-transit-key-no-plaintext-backup",
  title: "No plaintext backup can be made of a transit key",
  why: "`transit/backup` hands out every version of the key in the clear. Vault's own snapshots keep it encrypted.",
  remedy:
    "Leave `allowPlaintextBackup` out and back up Vault's storage; let an age recipient be the way out when Vault is lost.",
  severity: "critical",
  types: [TRANSIT_KEY],
  *check(key) {
    if (key.flag("allowPlaintextBackup") === true)
      yield "can be backed up in the clear; set allowPlaintextBackup to false in a new key, Vault never takes it back in this one";
  },
});
