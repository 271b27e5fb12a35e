import { accountsOf, grantsOfRole, JWT_ROLE } from "../reading/vault-roles";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-pipeline-never-decrypts",
  title: "No pipeline decrypts in Vault",
  why: "Rewrapping moves a data key to the new version inside of Vault. A job that decrypts as well shows every secret to whoever changes its script.",
  remedy: "Give pipelines encrypt and rewrap. Decrypting is Flux's, and a person's with their own login.",
  severity: "critical",
  types: [JWT_ROLE],
  *check(role, stack) {
    if (accountsOf(role) !== undefined) return;
    for (const { path } of grantsOfRole(role, stack).filter(({ decrypts }) => decrypts))
      yield `is a pipeline's and may decrypt (${path}); take that out of its policy`;
  },
});
