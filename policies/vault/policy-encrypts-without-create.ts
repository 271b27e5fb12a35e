import { grantsOf } from "../reading/vault-policy";
import { POLICY, transitUse } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-policy-encrypts-without-create",
  title: "To encrypt is `update`, never `create`",
  why: "With `create` Vault makes a key of any name it is asked to encrypt with, so that a typing error looks like success.",
  remedy: "Grant `update` alone; sops needs no more.",
  severity: "medium",
  types: [POLICY],
  *check(policy) {
    for (const grant of grantsOf(policy.at("policy")))
      if (transitUse(grant)?.verb === "encrypt" && grant.capabilities.includes("create"))
        yield `makes the key where a mistyped one is asked for (create on ${grant.path}); grant update alone`;
  },
});
