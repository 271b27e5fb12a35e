import type { StandInProvider } from "../engine/resource-type";
import { TableType } from "../engine/table/table-type";
import { connectionOf } from "./connection";
import type { Definition } from "./definition";
import { GET_PROJECT, readProject } from "./get-project";
import { GitLabClient } from "./gitlab-client";
import { GitLabError } from "./gitlab-error";
import { branchProtection } from "./types/branch-protection";
import { deployKey } from "./types/deploy-key";
import { pipelineSchedule } from "./types/pipeline-schedule";
import { pipelineScheduleVariable } from "./types/pipeline-schedule-variable";
import { pipelineTrigger } from "./types/pipeline-trigger";
import { project } from "./types/project";
import { projectHook } from "./types/project-hook";
import { projectJobTokenScope } from "./types/project-job-token-scope";
import { projectVariable } from "./types/project-variable";
import { repositoryFile } from "./types/repository-file";

const DEFINITIONS: readonly Definition[] = [
  branchProtection,
  deployKey,
  pipelineSchedule,
  pipelineScheduleVariable,
  pipelineTrigger,
  project,
  projectHook,
  projectJobTokenScope,
  projectVariable,
  repositoryFile,
];

const GITLAB = {
  name: "GitLab",
  isGone: (error: unknown) => error instanceof GitLabError && error.status === 404,
};

/** The stand-in for pulumi-gitlab: the resource types of the local SDK, on GitLab's own REST API. */
export const gitlabProvider: StandInProvider<GitLabClient> = {
  name: "gitlab",
  version: "10.1.1",
  types: new Map(DEFINITIONS.map((definition) => [definition.token, new TableType(definition, GITLAB)])),
  functions: new Map([[GET_PROJECT, readProject]]),
  configKeys: [
    "baseUrl",
    "cacertFile",
    "clientCert",
    "clientKey",
    "earlyAuthCheck",
    "headers",
    "insecure",
    "retries",
    "token",
  ],
  secretConfigKeys: ["token"],
  jsonConfigKeys: ["earlyAuthCheck", "headers", "insecure", "retries"],
  async configure(config) {
    const connection = connectionOf(config, process.env);
    const gitlab = new GitLabClient(connection);
    if (connection.earlyAuthCheck) await gitlab.currentUser();
    return gitlab;
  },
};
