import { describeRule } from "../support/describe-rule";
import { UNKNOWN } from "../support/resources";
import { ADDRESS, accountRole, guideRole, kubernetesRole, pipelineRole } from "../support/vault";

describeRule("vault-kubernetes-role-audience", {
  violates: {
    none: [kubernetesRole({ audience: undefined }), "set audience to Vault's address"],
    empty: [kubernetesRole({ audience: "" }), "takes tokens that were made for anybody"],
    "almost the guide's role": [
      guideRole({ tokenPolicies: ["flux-sops-policy", "more"] }),
      "made for anybody",
    ],
  },
  passes: { "Vault's address": kubernetesRole(), "the guide's own role": guideRole() },
  unknown: { "the audience": [kubernetesRole({ audience: UNKNOWN }), "audience"] },
});

describeRule("vault-kubernetes-role-bound", {
  violates: {
    "any account": [
      kubernetesRole({ boundServiceAccountNames: ["*"] }),
      'is for any service account like "*"',
    ],
    "any namespace": [
      kubernetesRole({ boundServiceAccountNamespaces: ["team-*"] }),
      'any namespace like "team-*"',
    ],
    "namespaces by a label": [
      kubernetesRole({
        boundServiceAccountNamespaces: undefined,
        boundServiceAccountNamespaceSelector: "{}",
      }),
      "is for any namespace with a label",
    ],
    "no namespace": [kubernetesRole({ boundServiceAccountNamespaces: [] }), "names no namespace"],
    "no account": [kubernetesRole({ boundServiceAccountNames: [] }), "names no service account"],
    "every pod's account": [
      kubernetesRole({ boundServiceAccountNames: ["default"] }),
      "every pod of the namespace has",
    ],
  },
  passes: { "one of each": kubernetesRole(), "the guide's own role": guideRole() },
  unknown: {
    "a namespace": [
      kubernetesRole({ boundServiceAccountNamespaces: [UNKNOWN] }),
      "boundServiceAccountNamespaces[0]",
    ],
  },
});

describeRule("vault-kubernetes-role-guide", {
  violates: {
    "the guide's own role": [guideRole(), "set sopsloop:vault.guide to false when nobody uses it"],
  },
  passes: {
    "another role": kubernetesRole(),
    "one of its name that is for others": guideRole({ boundServiceAccountNamespaces: ["a", "b"] }),
  },
  unknown: { "its policies": [guideRole({ tokenPolicies: UNKNOWN }), "tokenPolicies"] },
});

describeRule("vault-role-short-tokens", {
  violates: {
    "left to Vault": [
      kubernetesRole({ tokenTtl: undefined }),
      "to Vault, which is 32 days; set tokenTtl to at most 60 minutes",
    ],
    "a second too long": [pipelineRole({ tokenTtl: 3661 }), "set tokenTtl to at most 60 minutes (3600)"],
    "renewed for a day": [
      kubernetesRole({ tokenMaxTtl: 86400 }),
      "renewed for 1440 minutes; set tokenMaxTtl to at most 240 minutes (14400)",
    ],
    "renewed for ever": [kubernetesRole({ tokenPeriod: 600 }), "leave tokenPeriod out"],
  },
  passes: {
    minutes: kubernetesRole(),
    "an hour": pipelineRole({ tokenTtl: 3600 }),
    "the guide's own role": guideRole(),
  },
  unknown: { "its life": [kubernetesRole({ tokenTtl: UNKNOWN }), "tokenTtl"] },
  limits: [
    { maxMinutes: 5, maxRenewedMinutes: 10 },
    {
      violates: {
        "ten minutes": [kubernetesRole(), "at most 5 minutes"],
        "renewed for an hour": [
          kubernetesRole({ tokenTtl: 60, tokenExplicitMaxTtl: 3600 }),
          "set tokenExplicitMaxTtl to at most 10",
        ],
      },
      passes: { "five minutes": kubernetesRole({ tokenTtl: 300 }) },
    },
  ],
});

describeRule("vault-role-no-default-policy", {
  violates: {
    "left to Vault": [
      kubernetesRole({ tokenNoDefaultPolicy: undefined }),
      "set tokenNoDefaultPolicy to true",
    ],
    "of a pipeline": [pipelineRole({ tokenNoDefaultPolicy: false }), "beside its own"],
  },
  passes: { "switched off": kubernetesRole(), "the guide's own role": guideRole() },
  unknown: { "the flag": [kubernetesRole({ tokenNoDefaultPolicy: UNKNOWN }), "tokenNoDefaultPolicy"] },
});

describeRule("vault-role-batch-tokens", {
  violates: {
    "left to Vault": [kubernetesRole({ tokenType: undefined }), "makes service tokens"],
    "service tokens": [pipelineRole({ tokenType: "service" }), "set tokenType to batch"],
    "Vault's default, in so many words": [
      kubernetesRole({ tokenType: "default-service" }),
      "makes service tokens",
    ],
  },
  passes: { batch: kubernetesRole(), "the guide's own role": guideRole() },
  unknown: { "the kind": [kubernetesRole({ tokenType: UNKNOWN }), "tokenType"] },
});

describeRule("vault-role-own-policies", {
  violates: {
    none: [kubernetesRole({ tokenPolicies: [] }), "gives no policy"],
    root: [pipelineRole({ tokenPolicies: ["root"] }), "gives the policy root"],
  },
  passes: { "its own": kubernetesRole() },
  unknown: { "its name": [kubernetesRole({ tokenPolicies: [UNKNOWN] }), "tokenPolicies[0]"] },
});

describeRule("vault-jwt-role-audience", {
  violates: {
    none: [pipelineRole({ boundAudiences: undefined }), "set boundAudiences to Vault's address"],
    "a pattern": [pipelineRole({ boundAudiences: ["https://*"] }), 'takes the audience "https://*"'],
  },
  passes: { "Vault's address": pipelineRole(), "an account's": accountRole({ boundAudiences: [ADDRESS] }) },
  unknown: { "the audience": [pipelineRole({ boundAudiences: UNKNOWN }), "boundAudiences"] },
});

describeRule("vault-jwt-role-bound", {
  violates: {
    nobody: [accountRole({ boundSubject: undefined }), "is for everybody whom the issuer signs a token for"],
    "a pattern as subject": [
      accountRole({ boundSubject: "system:serviceaccount:*:sops" }),
      "write the subject in full",
    ],
    "globs in claims": [
      pipelineRole({ boundClaimsType: "glob", boundClaims: { project_id: "101", ref: "*" } }),
      'is for any ref like "*"; set boundClaimsType to string',
    ],
    "a path instead of a number": [
      pipelineRole({ boundClaims: { project_path: "a/b" } }),
      "binds no project_id",
    ],
  },
  passes: {
    "one project's jobs": pipelineRole(),
    "one account": accountRole(),
    "a star that is compared as it stands": pipelineRole({ boundClaims: { project_id: "101", ref: "*" } }),
  },
  unknown: { "a claim": [pipelineRole({ boundClaims: { project_id: UNKNOWN } }), "boundClaims.project_id"] },
});

describeRule("vault-jwt-role-source", {
  violates: {
    "any source": [
      pipelineRole({ boundClaims: { project_id: "101" } }),
      "add pipeline_source to boundClaims",
    ],
  },
  passes: { "named sources": pipelineRole(), "an account's": accountRole() },
  unknown: { "the claims": [pipelineRole({ boundClaims: UNKNOWN }), "boundClaims"] },
});

describeRule("vault-jwt-role-stable-user", {
  violates: {
    "a mail address": [pipelineRole({ userClaim: "user_email" }), "knows its users by user_email"],
    "a login": [pipelineRole({ userClaim: "preferred_username" }), "set userClaim to sub or project_id"],
  },
  passes: { "a project's number": pipelineRole(), "a subject": accountRole() },
  unknown: { "the claim": [pipelineRole({ userClaim: UNKNOWN }), "userClaim"] },
});
