import { AUDIT } from "../reading/vault-audit";
import { MOUNT } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-mount-described",
  title: "A mount, an auth method or an audit device says whose it is",
  why: "In a Vault that many teams share, nobody dares to remove a mount that says nothing, and somebody removes the one that they needed.",
  remedy: "Set `description` to what made it, and for which stack.",
  severity: "low",
  types: [MOUNT, "vault:index/authBackend:AuthBackend", "vault:jwt/authBackend:AuthBackend", AUDIT],
  *check(mount) {
    if (!mount.has("description")) yield "says nothing of whose it is; set description to what made it";
  },
});
