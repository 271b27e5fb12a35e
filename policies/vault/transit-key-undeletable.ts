import { TRANSIT_KEY } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-transit-key-undeletable",
  title: "Vault refuses to delete a transit key",
  why: "Whoever deletes the key makes every file that it wrapped unreadable for good, those in git's history too.",
  remedy:
    "Leave `deletionAllowed` out, or set it to false; here, leave `sopsloop:vault.transit.protect` at true.",
  severity: "critical",
  types: [TRANSIT_KEY],
  *check(key) {
    if (key.flag("deletionAllowed") === true)
      yield "Vault lets it be deleted, and with it all that it wrapped; set deletionAllowed to false";
  },
});
