import { MOUNT } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-transit-mount-protected",
  title: "Pulumi refuses to delete a transit engine",
  why: "With the engine go all its keys, whatever their own `deletionAllowed` says, and with them every file.",
  remedy: "Give the mount the option `protect: true`; here, leave `sopsloop:vault.transit.protect` at true.",
  severity: "critical",
  types: [MOUNT],
  *check(mount) {
    if (mount.text("type") !== "transit" || mount.isProtected !== false) return;
    yield `may be deleted by pulumi destroy or a replacement, and every key in ${mount.text("path") ?? "it"} with it; give it the option protect: true`;
  },
});
