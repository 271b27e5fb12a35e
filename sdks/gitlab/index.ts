export { BranchProtection, type BranchProtectionArgs, type BranchProtectionState } from "./branch-protection";
export { DeployKey, type DeployKeyArgs, type DeployKeyState } from "./deploy-key";
export {
  type GetProjectArgs,
  type GetProjectOutputArgs,
  type GetProjectResult,
  getProject,
  getProjectOutput,
} from "./get-project";
export { PipelineSchedule, type PipelineScheduleArgs, type PipelineScheduleState } from "./pipeline-schedule";
export {
  PipelineScheduleVariable,
  type PipelineScheduleVariableArgs,
  type PipelineScheduleVariableState,
} from "./pipeline-schedule-variable";
export { PipelineTrigger, type PipelineTriggerArgs, type PipelineTriggerState } from "./pipeline-trigger";
export { Project } from "./project";
export type { ProjectArgs, ProjectState } from "./project-args";
export { ProjectHook, type ProjectHookArgs, type ProjectHookState } from "./project-hook";
export {
  ProjectJobTokenScope,
  type ProjectJobTokenScopeArgs,
  type ProjectJobTokenScopeState,
} from "./project-job-token-scope";
export { ProjectVariable, type ProjectVariableArgs, type ProjectVariableState } from "./project-variable";
export { Provider, type ProviderArgs } from "./provider";
export { RepositoryFile, type RepositoryFileArgs, type RepositoryFileState } from "./repository-file";
export type * as types from "./types";
