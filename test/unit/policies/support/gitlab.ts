import { CANARY, maker } from "./resources";

const of = (name: string) => `gitlab:index/${name}`;

export const project = maker(of("project:Project"), {
  name: "Deploy",
  ciPipelineVariablesMinimumOverrideRole: "no_one_allowed",
  ciIdTokenSubClaimComponents: ["project_path", "ref_type", "ref"],
  publicJobs: false,
  forkingAccessLevel: "disabled",
});

export const branchProtection = maker(of("branchProtection:BranchProtection"), {
  project: "101",
  branch: "main",
  allowForcePush: false,
  allowedToPushes: [{ accessLevel: "maintainer" }],
  allowedToMerges: [{ accessLevel: "developer" }],
});

export const schedule = maker(of("pipelineSchedule:PipelineSchedule"), {
  project: "101",
  description: "sopsloop: rewrap what is stale",
  ref: "refs/heads/main",
  cron: "23 * * * *",
  cronTimezone: "UTC",
  active: true,
  takeOwnership: true,
});

export const trigger = maker(of("pipelineTrigger:PipelineTrigger"), { project: "101", description: "relay" });

export const variable = maker(of("projectVariable:ProjectVariable"), {
  project: "101",
  key: "DB_PASSWORD",
  value: CANARY,
  protected: true,
  masked: true,
  environmentScope: "production",
});

export const hook = maker(of("projectHook:ProjectHook"), {
  project: "101",
  url: `https://flux-hooks.example.com/hook/${CANARY}`,
  token: CANARY,
  enableSslVerification: true,
});

export const deployKey = maker(of("deployKey:DeployKey"), {
  project: "101",
  title: "sopsloop",
  key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd0 me",
  canPush: true,
});

export const jobTokenScope = maker(of("projectJobTokenScope:ProjectJobTokenScope"), {
  project: "101",
  targetProjectId: 102,
});

export const file = maker(of("repositoryFile:RepositoryFile"), {
  project: "101",
  branch: "main",
  filePath: "README.md",
  encoding: "text",
  content: "nothing\n",
});

export const gitlabProvider = maker("pulumi:providers:gitlab", {
  baseUrl: "https://gitlab.example.com/api/v4/",
});
