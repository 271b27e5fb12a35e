import { isPattern, JWT_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-jwt-role-audience",
  title: "A JWT role takes only tokens that were made for Vault",
  why: "An ID token that a job sent to another service would log in here as well.",
  remedy: "Set `boundAudiences` to Vault's address, and the job's `aud` to the same.",
  severity: "high",
  types: [JWT_ROLE],
  *check(role) {
    const audiences = role.texts("boundAudiences");
    if (audiences.length === 0)
      yield "takes tokens that were made for anybody; set boundAudiences to Vault's address";
    for (const audience of audiences.filter(isPattern))
      yield `takes the audience "${audience}", which Vault compares as it stands; name it in full`;
  },
});
