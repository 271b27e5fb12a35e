import type { Kind } from "./kind";

/** What can be wrong with who logs in to Vault, and what he may do there. */
export const VAULT_KINDS = {
  "vault-policy-edited": {
    severity: "high",
    means: "A policy says something else than the program has declared.",
    mend: "vault policy read POLICY; pulumi up --refresh",
  },
  "vault-policy-decrypts": {
    severity: "high",
    means: "A policy that the program does not know lets whoever has it decrypt, or take the key out.",
    mend: "vault policy delete POLICY, or take the key's paths out of it",
  },
  "vault-policy-wildcard": {
    severity: "high",
    means: "A policy that the program does not know reaches the key by a wildcard.",
    mend: "write the policy's paths out, without those of the key",
  },
  "vault-policy-default": {
    severity: "critical",
    means: "The policy that nearly every token has lets it use the key.",
    mend: "take the key's paths out of the policy `default`",
  },
  "vault-policy-administers": {
    severity: "medium",
    means: "Whoever has the policy can change the key, or grant himself any right to it.",
    mend: "see that only the deployer has it; else vault policy delete POLICY",
  },
  "vault-policy-unclear": {
    severity: "medium",
    means: "A policy cannot be read for certain, so that it may allow more than is told here.",
    mend: "vault policy read POLICY; write it as plain paths with capabilities",
  },
  "vault-role-missing": {
    severity: "medium",
    means: "A declared role is gone: who logs in by it cannot any more.",
    mend: "vault list MOUNT/role; pulumi up --refresh",
  },
  "vault-role-bound-wildcard": {
    severity: "critical",
    means: "The role takes every service account, or those of every namespace, or any that fit a pattern.",
    mend: "pulumi up --refresh; name each account and namespace",
  },
  "vault-role-bound-others": {
    severity: "critical",
    means: "The role takes other service accounts than the declared ones.",
    mend: "vault read ROLE; pulumi up --refresh",
  },
  "vault-role-no-audience": {
    severity: "high",
    means: "The role takes tokens that were made for another server: whoever is sent one can decrypt.",
    mend: "set the role's audience to Vault's address; pulumi up --refresh",
  },
  "vault-role-other-audience": {
    severity: "high",
    means: "The role takes tokens that were made for another server than this Vault.",
    mend: "vault read ROLE; pulumi up --refresh",
  },
  "vault-role-more-policies": {
    severity: "high",
    means: "The role gives more policies than declared.",
    mend: "vault read ROLE; pulumi up --refresh",
  },
  "vault-role-long-tokens": {
    severity: "medium",
    means: "Tokens of the role live longer than declared, or can be renewed for ever.",
    mend: "vault read ROLE; pulumi up --refresh",
  },
  "vault-role-token-type": {
    severity: "low",
    means: "The role gives tokens that Vault keeps and that can be renewed, where batch tokens are declared.",
    mend: "vault read ROLE; pulumi up --refresh",
  },
  "vault-role-default-policy": {
    severity: "low",
    means: "The role gives the policy `default` beside the declared ones.",
    mend: "set token_no_default_policy=true; pulumi up --refresh",
  },
  "vault-role-undeclared": {
    severity: "critical",
    means: "A role that the program does not know lets who logs in by it decrypt, or change the key.",
    mend: "vault delete ROLE, or take from it the policies that name the key",
  },
  "vault-login-undeclared": {
    severity: "critical",
    means: "A user, AppRole, certificate or token role may decrypt, or change the key.",
    mend: "take from it the policies that name the key, or delete it",
  },
  "vault-identity-undeclared": {
    severity: "critical",
    means: "An identity or a group of identities has the key's rights, however its members log in.",
    mend: "take from it the policies that name the key",
  },
  "vault-token-undeclared": {
    severity: "high",
    means: "A token that no login of the loop gave may decrypt, or change the key.",
    mend: "vault list auth/token/accessors; vault token revoke -accessor ACCESSOR",
  },
  "vault-token-root": {
    severity: "high",
    means:
      "There are root tokens beside the one that this was run with: past every policy, and often without end.",
    mend: "vault list auth/token/accessors; vault token revoke -accessor ACCESSOR",
  },
  "vault-job-any-project": {
    severity: "critical",
    means: "Jobs of other projects in GitLab can log in by the role.",
    mend: "bind the role's claim project_id to the deploy project; pulumi up --refresh",
  },
  "vault-job-any-branch": {
    severity: "high",
    means: "Jobs of branches that anybody may push to can log in by the role.",
    mend: "bind the claims ref, ref_type and ref_protected; pulumi up --refresh",
  },
  "vault-job-source": {
    severity: "medium",
    means: "Jobs of pipelines that were started another way than declared can log in by the role.",
    mend: "bind the claim pipeline_source; pulumi up --refresh",
  },
  "vault-job-glob": {
    severity: "high",
    means: "The role compares claims as patterns, so that more than one value fits.",
    mend: "set bound_claims_type=string; pulumi up --refresh",
  },
  "vault-auth-issuer": {
    severity: "critical",
    means:
      "The auth method believes another issuer, or other keys, than GitLab's: whoever has them is any job.",
    mend: "vault read MOUNT/config; pulumi up --refresh",
  },
  "vault-auth-ca": {
    severity: "critical",
    means:
      "Vault has tokens reviewed by a server that is not this cluster's: whoever runs it says who logs in.",
    mend: "vault read MOUNT/config; pulumi up --refresh",
  },
} as const satisfies Readonly<Record<string, Kind>>;
