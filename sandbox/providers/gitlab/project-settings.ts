import type { PlainMap, PlainValue } from "../engine/resource-type";
import { fromApi, type Properties } from "../engine/table/property";
import { isMap } from "../engine/wire";
import { computedFlag, computedInteger, computedText } from "./rows";

const ACCESS = ["disabled", "private", "enabled"] as const;
const access = { ...computedText, oneOf: ACCESS };

/** The settings of a project that the local SDK has. */
export const projectProperties: Properties = {
  allowMergeOnSkippedPipeline: computedFlag,
  archiveOnDestroy: { kind: "flag" },
  archived: { kind: "flag" },
  autoCancelPendingPipelines: { ...computedText, oneOf: ["enabled", "disabled"] },
  autoDevopsEnabled: computedFlag,
  buildGitStrategy: { ...computedText, oneOf: ["clone", "fetch"] },
  buildTimeout: computedInteger,
  buildsAccessLevel: access,
  ciConfigPath: { kind: "text" },
  ciDefaultGitDepth: computedInteger,
  ciDeletePipelinesInSeconds: computedInteger,
  ciDisplayPipelineVariables: computedFlag,
  ciForwardDeploymentEnabled: computedFlag,
  ciForwardDeploymentRollbackAllowed: computedFlag,
  ciIdTokenSubClaimComponents: { kind: "list", computed: true },
  ciPipelineVariablesMinimumOverrideRole: {
    ...computedText,
    oneOf: ["no_one_allowed", "owner", "maintainer", "developer"],
  },
  ciPushRepositoryForJobTokenAllowed: computedFlag,
  ciRestrictPipelineCancellationRole: computedText,
  ciSeparatedCaches: computedFlag,
  containerRegistryAccessLevel: access,
  defaultBranch: computedText,
  description: { kind: "text" },
  forkingAccessLevel: access,
  groupRunnersEnabled: computedFlag,
  initializeWithReadme: { kind: "flag" },
  issuesAccessLevel: access,
  keepLatestArtifact: computedFlag,
  lfsEnabled: computedFlag,
  mergeMethod: { ...computedText, oneOf: ["merge", "rebase_merge", "ff"] },
  mergeRequestsAccessLevel: access,
  name: { kind: "text", autoName: true },
  namespaceId: computedInteger,
  onlyAllowMergeIfAllDiscussionsAreResolved: computedFlag,
  onlyAllowMergeIfPipelineSucceeds: computedFlag,
  path: computedText,
  permanentlyDeleteOnDestroy: { kind: "flag" },
  protectMergeRequestPipelines: computedFlag,
  publicJobs: computedFlag,
  removeSourceBranchAfterMerge: computedFlag,
  repositoryAccessLevel: access,
  requestAccessEnabled: computedFlag,
  resourceGroupDefaultProcessMode: {
    ...computedText,
    oneOf: ["unordered", "oldest_first", "newest_first", "newest_ready_first"],
  },
  sharedRunnersEnabled: computedFlag,
  squashOption: { ...computedText, oneOf: ["never", "always", "default_on", "default_off"] },
  topics: { kind: "set", computed: true },
  visibilityLevel: { ...computedText, oneOf: ["private", "internal", "public"] },
  avatarUrl: { kind: "text", outputOnly: true },
  emptyRepo: { kind: "flag", outputOnly: true },
  httpUrlToRepo: { kind: "text", outputOnly: true },
  pathWithNamespace: { kind: "text", outputOnly: true },
  runnersToken: { kind: "text", outputOnly: true, secret: true },
  sshUrlToRepo: { kind: "text", outputOnly: true },
  webUrl: { kind: "text", outputOnly: true },
};

/** Settings for the provider alone: GitLab does not know them. */
export const LOCAL = ["archiveOnDestroy", "initializeWithReadme", "permanentlyDeleteOnDestroy"] as const;

/** Settings that a new project is made with. */
export const AT_CREATION = [
  "name",
  "path",
  "namespaceId",
  "description",
  "defaultBranch",
  "initializeWithReadme",
] as const;

/** Settings that are put on a project that exists. Archiving and visibility have ways of their own. */
export const LATER: readonly string[] = Object.keys(projectProperties).filter(
  (name) =>
    projectProperties[name]?.outputOnly !== true &&
    ![...AT_CREATION, ...LOCAL, "archived", "visibilityLevel"].includes(name),
);

/** GitLab's answer in the provider's words. */
export function fromProject(answer: PlainMap): Readonly<Record<string, PlainValue>> {
  return {
    ...fromApi(projectProperties, answer),
    visibilityLevel: answer.visibility ?? "",
    namespaceId: isMap(answer.namespace) ? (answer.namespace.id ?? 0) : 0,
  };
}
