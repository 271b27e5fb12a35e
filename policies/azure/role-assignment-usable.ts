import { builtInRole, ROLE_ASSIGNMENT } from "../reading/azure";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-role-assignment-usable",
  title: "The role that is assigned is one that sops can work with",
  why: "Key Vault Crypto Service Encryption User wraps and unwraps; sops encrypts and decrypts, and is refused. Without a principal type Azure fails for identities that are minutes old.",
  remedy:
    "Assign Key Vault Crypto User, or a role of your own with keys/encrypt and keys/decrypt, with `principalType` ServicePrincipal.",
  severity: "medium",
  types: [ROLE_ASSIGNMENT],
  *check(assignment) {
    const role = builtInRole(assignment.text("roleDefinitionId") ?? "");
    if (role === "Key Vault Crypto Service Encryption User")
      yield `assigns ${role}, with which sops is refused; assign Key Vault Crypto User, or a role of your own`;
    const kind = assignment.text("principalType");
    if (kind === undefined) yield "does not say what its principal is; set principalType to ServicePrincipal";
    else if (kind === "User") yield "is for a single person; assign it to an identity or a group";
  },
});
