import type { Kind } from "./kind";

/** What can be wrong with the deploy repository's project in GitLab. */
export const GITLAB_KINDS = {
  "gitlab-branch-unprotected": {
    severity: "critical",
    means: "Every developer may push to the branch that Flux applies.",
    mend: "pulumi up --refresh",
  },
  "gitlab-branch-force-push": {
    severity: "high",
    means: "Whoever may push to the branch may rewrite what was there.",
    mend: "pulumi up --refresh",
  },
  "gitlab-branch-pushers": {
    severity: "high",
    means: "Others than maintainers may push to the branch that Flux applies.",
    mend: "GitLab, Settings, Repository, Protected branches; pulumi up --refresh",
  },
  "gitlab-branch-mergers": {
    severity: "high",
    means: "Others than declared may merge into the branch that Flux applies.",
    mend: "pulumi up --refresh, or declare it: sopsloop:gitlab.developersMayMerge",
  },
  "gitlab-branch-unprotectors": {
    severity: "high",
    means: "Others than maintainers may take the branch's protection away.",
    mend: "GitLab, Settings, Repository, Protected branches: Allowed to unprotect",
  },
  "gitlab-recipient-added": {
    severity: "critical",
    means:
      "The committed .sops.yaml names a key that is not declared: whoever has it opens what is encrypted from then on.",
    mend: "pulumi up --refresh; then sops updatekeys, and change what was encrypted meanwhile",
  },
  "gitlab-file-changed": {
    severity: "high",
    means:
      "A file that the program writes is another one in the repository: what is encrypted, or what jobs do that log in to Vault.",
    mend: "pulumi up --refresh; git log -- FILE says who changed it",
  },
  "gitlab-ci-file": {
    severity: "high",
    means: "GitLab takes the jobs from another file than declared.",
    mend: "GitLab, Settings, CI/CD, General pipelines: CI/CD configuration file",
  },
  "gitlab-project-shown": {
    severity: "medium",
    means:
      "Others than the project's members see the repository: which secrets there are, who may open them, when they change.",
    mend: "GitLab, Settings, General, Visibility: private",
  },
  "gitlab-project-forks": {
    severity: "high",
    means:
      "The project can be forked, which is declared to be off: a fork's jobs may come close to its identity.",
    mend: "pulumi up --refresh",
  },
  "gitlab-pipeline-variables": {
    severity: "high",
    means: "Whoever may start a pipeline may set variables of jobs that log in to Vault.",
    mend: "pulumi up --refresh",
  },
  "gitlab-trigger-undeclared": {
    severity: "medium",
    means: "A trigger token that the program did not make can start pipelines.",
    mend: "GitLab, Settings, CI/CD, Pipeline trigger tokens: revoke it",
  },
  "gitlab-trigger-owner": {
    severity: "high",
    means: "Pipelines by a trigger token run as somebody else than the program's account.",
    mend: "revoke the token; pulumi up --refresh",
  },
  "gitlab-sweep-off": {
    severity: "medium",
    means: "The declared sweep is gone, inactive, or for another branch: stale files stay.",
    mend: "pulumi up --refresh",
  },
  "gitlab-schedule-undeclared": {
    severity: "medium",
    means: "A schedule that the program did not make starts pipelines that may log in to Vault.",
    mend: "GitLab, Build, Pipeline schedules: delete it, or see who owns it",
  },
  "gitlab-variable-unprotected": {
    severity: "high",
    means: "Jobs of every branch are given a variable that holds a secret.",
    mend: "GitLab, Settings, CI/CD, Variables: protect it; pulumi up --refresh",
  },
  "gitlab-variable-unmasked": {
    severity: "medium",
    means: "A variable that holds a secret is written in clear into job logs.",
    mend: "GitLab, Settings, CI/CD, Variables: mask it; pulumi up --refresh",
  },
  "gitlab-variable-undeclared": {
    severity: "medium",
    means: "A variable that the program did not set is given to jobs that log in to Vault.",
    mend: "GitLab, Settings, CI/CD, Variables: delete it, or declare it in sopsloop:gitlabVariables",
  },
  "gitlab-variable-steers": {
    severity: "high",
    means:
      "A variable that the program did not set leads jobs elsewhere: to another Vault, proxy or program.",
    mend: "GitLab, Settings, CI/CD, Variables: delete it",
  },
  "gitlab-hook-unverified": {
    severity: "medium",
    means: "A webhook is sent without looking at the receiver's certificate, or without TLS.",
    mend: "GitLab, Settings, Webhooks: enable SSL verification, or delete it; pulumi up --refresh",
  },
  "gitlab-hook-undeclared": {
    severity: "medium",
    means: "A webhook that is not for Flux's receiver tells somebody of every push.",
    mend: "GitLab, Settings, Webhooks: delete it",
  },
  "gitlab-job-tokens-open": {
    severity: "high",
    means: "Jobs of every project may reach the deploy project by their token, and start its pipelines.",
    mend: "GitLab, Settings, CI/CD, Job token permissions: only this project and the allowlist",
  },
  "gitlab-job-tokens-others": {
    severity: "high",
    means: "Jobs of projects or groups that the program did not name may reach the deploy project.",
    mend: "GitLab, Settings, CI/CD, Job token permissions: take them off the allowlist",
  },
  "gitlab-deploy-key-writes": {
    severity: "high",
    means: "A deploy key that the program did not make may push.",
    mend: "GitLab, Settings, Repository, Deploy keys: disable it",
  },
  "gitlab-jobs-public": {
    severity: "low",
    means: "Logs of jobs, which name files and keys, are shown to everybody who sees the project.",
    mend: "pulumi up --refresh",
  },
  "gitlab-token-subject": {
    severity: "high",
    means: "ID tokens say another subject than the one that Azure trusts: other jobs may fit it.",
    mend: "pulumi up --refresh",
  },
} as const satisfies Readonly<Record<string, Kind>>;
