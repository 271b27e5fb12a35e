import {
  accountsOf,
  grantsOfRole,
  isGuideRole,
  isWrite,
  JWT_ROLE,
  KUBERNETES_ROLE,
  transitUse,
} from "../reading/vault-roles";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-role-only-decrypts",
  title: "The cluster decrypts, and does nothing else in Vault",
  why: "What runs in the cluster is what an attacker reaches first. One that encrypts as well can replace secrets by their own.",
  remedy:
    "Give the role one policy with `update` on `<mount>/decrypt/<key>`, and encrypting to the pipeline's role.",
  severity: "high",
  types: [KUBERNETES_ROLE, JWT_ROLE],
  *check(role, stack) {
    if (isGuideRole(role) || accountsOf(role) === undefined) return;
    const grants = grantsOfRole(role, stack);
    if (!grants.some(({ decrypts }) => decrypts)) return;
    const others = grants.filter((grant) => !(transitUse(grant)?.verb === "decrypt" && isWrite(grant)));
    for (const { path, capabilities } of others)
      yield `is the cluster's and may ${capabilities.join(", ")} ${path} too; take that out of its policy`;
    for (const { path, capabilities } of grants.filter(({ decrypts }) => decrypts))
      if (capabilities.some((each) => each !== "update"))
        yield `needs no more than update on ${path}, and has ${capabilities.join(", ")}; take the rest out of its policy`;
  },
});
