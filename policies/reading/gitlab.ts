export const PROJECT = "gitlab:index/project:Project";
export const BRANCH_PROTECTION = "gitlab:index/branchProtection:BranchProtection";
export const DEPLOY_KEY = "gitlab:index/deployKey:DeployKey";
export const SCHEDULE = "gitlab:index/pipelineSchedule:PipelineSchedule";
export const TRIGGER = "gitlab:index/pipelineTrigger:PipelineTrigger";
export const HOOK = "gitlab:index/projectHook:ProjectHook";
export const VARIABLE = "gitlab:index/projectVariable:ProjectVariable";
export const JOB_TOKEN_SCOPE = "gitlab:index/projectJobTokenScope:ProjectJobTokenScope";
export { REPOSITORY_FILE } from "./sops-configs";

/** Name of a branch in any of the forms in which GitLab takes it. */
export function branchName(ref: string): string {
  return ref.replace(/^refs\/heads\//, "");
}

/** Whether a protection's pattern covers a branch. */
export function protects(pattern: string, branch: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(branch);
}
