import { JWT_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-jwt-role-stable-user",
  title: "Vault knows who logs in by something that cannot change hands",
  why: "Mail addresses and user names are given to somebody else one day, and with them what Vault keeps of the first owner.",
  remedy: "Set `userClaim` to `sub`, or to `project_id` for pipelines.",
  severity: "medium",
  types: [JWT_ROLE],
  *check(role) {
    const claim = role.text("userClaim") ?? "";
    if (/(^|_)(email|login|username|name)$/.test(claim))
      yield `knows its users by ${claim}, which can change hands; set userClaim to sub or project_id`;
  },
});
