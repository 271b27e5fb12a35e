import { generateKeyPairSync } from "node:crypto";
import { CERTIFICATE } from "../../config/sample";
import { describeRule } from "../support/describe-rule";
import {
  branchProtection,
  deployKey,
  file,
  gitlabProvider,
  hook,
  jobTokenScope,
  project,
  schedule,
  trigger,
  variable,
} from "../support/gitlab";
import { CANARY, UNKNOWN } from "../support/resources";

describeRule("gitlab-project-pipeline-variables", {
  violates: {
    "GitLab's default": [
      project({ ciPipelineVariablesMinimumOverrideRole: undefined }),
      "whoever GitLab's default says",
    ],
    developers: [
      project({ ciPipelineVariablesMinimumOverrideRole: "developer" }),
      "lets developer give pipelines variables",
    ],
  },
  passes: { nobody: project() },
  unknown: {
    "the role": [
      project({ ciPipelineVariablesMinimumOverrideRole: UNKNOWN }),
      "ciPipelineVariablesMinimumOverrideRole",
    ],
  },
});

describeRule("gitlab-project-no-forks", {
  violates: {
    "GitLab's default": [project({ forkingAccessLevel: undefined }), "set forkingAccessLevel to disabled"],
    members: [project({ forkingAccessLevel: "private" }), "may be forked by whoever sees it"],
  },
  passes: { nobody: project() },
  unknown: { "the level": [project({ forkingAccessLevel: UNKNOWN }), "forkingAccessLevel"] },
});

describeRule("gitlab-project-private-jobs", {
  violates: {
    "GitLab's default": [project({ publicJobs: undefined }), "set publicJobs to false"],
    "a public project": [project({ visibilityLevel: "public" }), "set visibilityLevel to private"],
  },
  passes: { "members only": project(), internal: project({ visibilityLevel: "internal" }) },
  unknown: { "the flag": [project({ publicJobs: UNKNOWN }), "publicJobs"] },
});

describeRule("gitlab-project-token-subject", {
  violates: {
    "no branch": [
      project({ ciIdTokenSubClaimComponents: ["project_path"] }),
      "leaves ref_type, ref out of its tokens' subject",
    ],
  },
  passes: {
    "all of them": project(),
    "GitLab's default": project({ ciIdTokenSubClaimComponents: undefined }),
  },
  unknown: {
    "the parts": [project({ ciIdTokenSubClaimComponents: UNKNOWN }), "ciIdTokenSubClaimComponents"],
  },
});

describeRule("gitlab-branch-protection-no-force-push", {
  violates: { allowed: [branchProtection({ allowForcePush: true }), "lets main be rewritten"] },
  passes: {
    refused: branchProtection(),
    "GitLab's default": branchProtection({ allowForcePush: undefined }),
  },
  unknown: { "the flag": [branchProtection({ allowForcePush: UNKNOWN }), "allowForcePush"] },
});

describeRule("gitlab-branch-protection-maintainers", {
  violates: {
    "developers push": [
      branchProtection({ allowedToPushes: [{ accessLevel: "developer" }] }),
      "lets every developer push to main",
    ],
    "the Community Edition": [
      branchProtection({ allowedToPushes: undefined, pushAccessLevel: "developer" }),
      "set pushAccessLevel to maintainer",
    ],
    "developers unprotect": [
      branchProtection({ allowedToUnprotects: [{ accessLevel: "developer" }] }),
      "unprotect main",
    ],
  },
  passes: {
    maintainers: branchProtection(),
    nobody: branchProtection({ allowedToPushes: undefined, pushAccessLevel: "no one" }),
    "one user": branchProtection({ allowedToPushes: [{ userId: 7, accessLevel: "developer" }] }),
  },
  unknown: { "the level": [branchProtection({ pushAccessLevel: UNKNOWN }), "pushAccessLevel"] },
});

describeRule("gitlab-branch-protected", {
  violates: {
    "a schedule's": [schedule(), "works on the branch main, which nothing in this stack protects"],
    "a file's, of another project": [
      [file(), branchProtection({ project: "7" })],
      "declare a BranchProtection for it",
    ],
    "another branch": [
      [schedule(), branchProtection({ branch: "release/*" })],
      "nothing in this stack protects",
    ],
  },
  passes: {
    both: [schedule(), file(), branchProtection()],
    "by a pattern": [schedule({ ref: "refs/heads/release/1" }), branchProtection({ branch: "release/*" })],
  },
  unknown: { "the project": [[schedule({ project: UNKNOWN }), branchProtection()], "project"] },
});

describeRule("gitlab-schedule-active", {
  violates: {
    "switched off": [schedule({ active: false }), "set active to true"],
    "somebody's": [schedule({ takeOwnership: undefined }), "set takeOwnership to true"],
  },
  passes: { runs: schedule(), "GitLab's default": schedule({ active: undefined }) },
  unknown: { "whether it runs": [schedule({ active: UNKNOWN }), "active"] },
});

describeRule("gitlab-trigger-described", {
  violates: { nothing: [trigger({ description: "" }), "set description to what holds the token"] },
  passes: { "a name": trigger() },
  unknown: { "what it says": [trigger({ description: UNKNOWN }), "description"] },
});

const triggers = (count: number) => Array.from({ length: count }, (_, at) => trigger({}, { name: `t${at}` }));

describeRule("gitlab-trigger-few", {
  violates: { three: [triggers(3), "is one of 3 trigger tokens of project 101, and 2 are allowed"] },
  passes: { two: triggers(2), "of two projects": [...triggers(2), trigger({ project: "7" }, { name: "x" })] },
  unknown: { "the project": [trigger({ project: UNKNOWN }), "project"] },
  limits: [
    { maxTokens: 1 },
    { violates: { two: [triggers(2), "and 1 are allowed"] }, passes: { one: trigger() } },
  ],
});

const certificate = (change: object = {}) =>
  variable({
    key: "VAULT_CACERT",
    value: CERTIFICATE,
    protected: false,
    masked: false,
    environmentScope: undefined,
    ...change,
  });

describeRule("gitlab-variable-protected", {
  violates: {
    "every branch": [variable({ protected: false }), "DB_PASSWORD is given to jobs of every branch"],
    "GitLab's default": [variable({ protected: undefined }), "set protected to true"],
    "a certificate with its key": [
      certificate({ value: `${CERTIFICATE}-----BEGIN PRIVATE KEY-----\n${CANARY}` }),
      "VAULT_CACERT is given to jobs of every branch",
    ],
  },
  passes: { "protected branches": variable(), "a certificate": certificate() },
  unknown: { "the flag": [variable({ protected: UNKNOWN }), "protected"] },
});

describeRule("gitlab-variable-masked", {
  violates: { "it shows": [variable({ masked: false }), "DB_PASSWORD shows in logs; set masked to true"] },
  passes: {
    masked: variable(),
    hidden: variable({ masked: false, hidden: true }),
    "a certificate": certificate(),
  },
  unknown: { "the value": [variable({ masked: false, value: UNKNOWN }), "value"] },
});

describeRule("gitlab-variable-one-environment", {
  violates: {
    "all of them": [variable({ environmentScope: "*" }), "DB_PASSWORD is given to jobs of every environment"],
  },
  passes: { one: variable(), "a certificate": certificate() },
  unknown: { "which one": [variable({ environmentScope: UNKNOWN }), "environmentScope"] },
});

describeRule("gitlab-variable-no-cloud-credential", {
  violates: {
    "by its name": [variable({ key: "AZURE_CLIENT_SECRET" }), "AZURE_CLIENT_SECRET is a lasting login"],
    "by its form": [variable({ value: `hvs.${"A".repeat(30)}` }), "DB_PASSWORD holds a token of Vault's"],
  },
  passes: { "the application's own": variable(), "a certificate": certificate() },
  unknown: { "the value": [variable({ value: UNKNOWN }), "value"] },
});

describeRule("gitlab-hook-verified", {
  violates: {
    "plain http": [hook({ url: `http://flux.example.com/${CANARY}` }), "use https in url"],
    "any certificate": [hook({ enableSslVerification: false }), "set enableSslVerification to true"],
    "no token": [hook({ token: undefined }), "set token"],
  },
  passes: { "all said": hook(), "this machine": hook({ url: "http://127.0.0.1:13480/hook/x" }) },
  unknown: { "the address": [hook({ url: UNKNOWN }), "url"] },
});

/** As ssh-keygen writes it: kind, exponent and modulus, each with its length in front. */
function rsa(bits: number): string {
  const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({
    format: "jwk",
  });
  const parts = [
    Buffer.from("ssh-rsa"),
    Buffer.from(e, "base64url"),
    Buffer.concat([Buffer.of(0), Buffer.from(n, "base64url")]),
  ];
  const lengths = parts.map((part) => Buffer.from(part.length.toString(16).padStart(8, "0"), "hex"));
  return `ssh-rsa ${Buffer.concat(parts.flatMap((part, at) => [lengths[at] ?? Buffer.of(), part])).toString("base64")}`;
}

describeRule("gitlab-deploy-key-strong", {
  violates: {
    dsa: [deployKey({ key: "ssh-dss AAAAB3NzaC1kc3M=" }), "is a DSA key; use ed25519"],
    "a short RSA key": [deployKey({ key: rsa(2048) }), "is an RSA key of 2048 bits"],
  },
  passes: { ed25519: deployKey(), "a long RSA key": deployKey({ key: rsa(3072) }) },
  unknown: { "the key": [deployKey({ key: UNKNOWN }), "key"] },
});

const scopes = (count: number) =>
  Array.from({ length: count }, (_, at) => jobTokenScope({ targetProjectId: at }, { name: `s${at}` }));

describeRule("gitlab-job-token-scope-named", {
  violates: {
    "a group": [
      jobTokenScope({ targetProjectId: undefined, targetGroupId: 3 }),
      "set targetProjectId instead",
    ],
    many: [scopes(6), "is one of 6 projects that 101 lets in, and 5 are allowed"],
  },
  passes: { "one project": jobTokenScope(), "a few": scopes(5) },
  unknown: { "the project": [jobTokenScope({ project: UNKNOWN }), "project"] },
  limits: [
    { maxProjects: 1 },
    { violates: { two: [scopes(2), "and 1 are allowed"] }, passes: { one: jobTokenScope() } },
  ],
});

describeRule("gitlab-provider-verified", {
  violates: {
    "plain http": [
      gitlabProvider({ baseUrl: "http://gitlab.example.com/api/v4/" }),
      "talks to http://gitlab.example.com in the clear",
    ],
    "any certificate": [gitlabProvider({ insecure: "true" }), "leave insecure out"],
    "a token": [gitlabProvider({ token: CANARY }), "GITLAB_TOKEN is read by the plugin itself"],
  },
  passes: { https: gitlabProvider(), "gitlab.com": gitlabProvider({ baseUrl: undefined }) },
  unknown: { "the address": [gitlabProvider({ baseUrl: UNKNOWN }), "baseUrl"] },
});
