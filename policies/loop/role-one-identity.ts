import {
  accountsOf,
  audiencesOf,
  grantsOfRole,
  isGuideRole,
  JWT_ROLE,
  KUBERNETES_ROLE,
} from "../reading/vault-roles";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-role-one-identity",
  title: "A role that decrypts is for one account, in one namespace, with one audience",
  why: "Vault's log then says who decrypted, and one account can be shut out without the others.",
  remedy: "Make a role for each account.",
  severity: "high",
  types: [KUBERNETES_ROLE, JWT_ROLE],
  *check(role, stack) {
    if (isGuideRole(role) || !grantsOfRole(role, stack).some(({ decrypts }) => decrypts)) return;
    const accounts = accountsOf(role);
    const audiences = audiencesOf(role);
    if (accounts !== undefined && accounts.length !== 1)
      yield `decrypts for ${accounts.length === 0 ? "no account" : accounts.join(", ")}; make a role for each account`;
    if (audiences.length !== 1)
      yield `decrypts for ${audiences.length === 0 ? "any audience" : `the audiences ${audiences.join(", ")}`}; name one`;
  },
});
