import { BranchProtection, PipelineSchedule, ProjectVariable, Provider } from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

const project = "platform/deploy";
const provider = new Provider("gitlab", {
  baseUrl: `${process.env.GITLAB_URL ?? ""}/api/v4/`,
  cacertFile: process.env.GITLAB_CA,
});

new ProjectVariable(
  "token",
  {
    project,
    key: "VAULT_TOKEN",
    value: pulumi.secret("hvs.canary9f2ccanary9f2ccanary9f2c"),
    protected: false,
    masked: false,
  },
  { provider },
);
new BranchProtection(
  "branch",
  {
    project,
    branch: "main",
    allowForcePush: true,
    allowedToPushes: [{ accessLevel: "developer" }],
  },
  { provider },
);
new PipelineSchedule(
  "sweep",
  {
    project,
    description: "sweep",
    ref: "refs/heads/other",
    cron: "0 0 1 * *",
    active: false,
  },
  { provider },
);
