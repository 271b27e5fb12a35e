import type * as pulumi from "@pulumi/pulumi";

/** What Project is created from. */
export interface ProjectArgs {
  /** True counts a skipped pipeline as passed. */
  allowMergeOnSkippedPipeline?: pulumi.Input<boolean | undefined>;
  /** True archives the project instead of deleting it. */
  archiveOnDestroy?: pulumi.Input<boolean | undefined>;
  /** True makes the project read-only. */
  archived?: pulumi.Input<boolean | undefined>;
  /** `enabled` or `disabled`: whether a newer push cancels what has not begun. */
  autoCancelPendingPipelines?: pulumi.Input<string | undefined>;
  /** Whether projects without a CI file get GitLab's own pipeline. */
  autoDevopsEnabled?: pulumi.Input<boolean | undefined>;
  /** `clone` or `fetch`: how jobs get the repository. */
  buildGitStrategy?: pulumi.Input<string | undefined>;
  /** Seconds after which a job is ended. */
  buildTimeout?: pulumi.Input<number | undefined>;
  /** Who sees CI/CD: `disabled`, `private` or `enabled`. */
  buildsAccessLevel?: pulumi.Input<string | undefined>;
  /** Path of the CI file. Default `.gitlab-ci.yml`. */
  ciConfigPath?: pulumi.Input<string | undefined>;
  /** Commits that a shallow clone has. 0 is all of them. */
  ciDefaultGitDepth?: pulumi.Input<number | undefined>;
  /** Age in seconds at which pipelines are removed. */
  ciDeletePipelinesInSeconds?: pulumi.Input<number | undefined>;
  /** True shows the variables of pipelines that were run by hand. */
  ciDisplayPipelineVariables?: pulumi.Input<boolean | undefined>;
  /** True refuses a deployment older than the newest one. */
  ciForwardDeploymentEnabled?: pulumi.Input<boolean | undefined>;
  /** True lets a person retry an older deployment. */
  ciForwardDeploymentRollbackAllowed?: pulumi.Input<boolean | undefined>;
  /** What the claim `sub` of id tokens is made of, `project_path` first; `ref_type` and `ref` may follow. */
  ciIdTokenSubClaimComponents?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Least role that may give a pipeline variables: `no_one_allowed`, `owner`, `maintainer` or `developer`. */
  ciPipelineVariablesMinimumOverrideRole?: pulumi.Input<string | undefined>;
  /** True lets jobs push to their own project by their job token. */
  ciPushRepositoryForJobTokenAllowed?: pulumi.Input<boolean | undefined>;
  /** Least role that may cancel: `developer`, `maintainer` or `no one`. Premium and Ultimate only. */
  ciRestrictPipelineCancellationRole?: pulumi.Input<string | undefined>;
  /** True keeps the caches of protected branches apart. */
  ciSeparatedCaches?: pulumi.Input<boolean | undefined>;
  /** Who sees the container registry: `disabled`, `private` or `enabled`. */
  containerRegistryAccessLevel?: pulumi.Input<string | undefined>;
  /** Name of the default branch. */
  defaultBranch?: pulumi.Input<string | undefined>;
  /** What the project is for. */
  description?: pulumi.Input<string | undefined>;
  /** Who may fork it: `disabled`, `private` or `enabled`. */
  forkingAccessLevel?: pulumi.Input<string | undefined>;
  /** Whether the group's runners take its jobs. */
  groupRunnersEnabled?: pulumi.Input<boolean | undefined>;
  /** True makes a first commit when the project is created. */
  initializeWithReadme?: pulumi.Input<boolean | undefined>;
  /** Who sees issues: `disabled`, `private` or `enabled`. */
  issuesAccessLevel?: pulumi.Input<string | undefined>;
  /** Whether the newest artifacts outlive their time. */
  keepLatestArtifact?: pulumi.Input<boolean | undefined>;
  /** Whether the repository has large file storage. */
  lfsEnabled?: pulumi.Input<boolean | undefined>;
  /** `merge`, `rebase_merge` or `ff`. */
  mergeMethod?: pulumi.Input<string | undefined>;
  /** Who sees merge requests: `disabled`, `private` or `enabled`. */
  mergeRequestsAccessLevel?: pulumi.Input<string | undefined>;
  /** Name of the project. Default: the resource's name with a random end. */
  name?: pulumi.Input<string | undefined>;
  /** Id of the group or user it belongs to. Default: the provider's user. */
  namespaceId?: pulumi.Input<number | undefined>;
  /** True refuses to merge while a thread is open. */
  onlyAllowMergeIfAllDiscussionsAreResolved?: pulumi.Input<boolean | undefined>;
  /** True refuses to merge without a pipeline that passed. */
  onlyAllowMergeIfPipelineSucceeds?: pulumi.Input<boolean | undefined>;
  /** Last part of its address. Default: made from the name. */
  path?: pulumi.Input<string | undefined>;
  /** True deletes at once instead of marking for deletion. Premium and Ultimate only. */
  permanentlyDeleteOnDestroy?: pulumi.Input<boolean | undefined>;
  /** Whether merge request pipelines may reach protected variables and runners. */
  protectMergeRequestPipelines?: pulumi.Input<boolean | undefined>;
  /** Whether anyone who sees the project sees its jobs. */
  publicJobs?: pulumi.Input<boolean | undefined>;
  /** Whether the merged branch is deleted unless told otherwise. */
  removeSourceBranchAfterMerge?: pulumi.Input<boolean | undefined>;
  /** Who sees the repository: `disabled`, `private` or `enabled`. */
  repositoryAccessLevel?: pulumi.Input<string | undefined>;
  /** Whether people may ask to be let in. */
  requestAccessEnabled?: pulumi.Input<boolean | undefined>;
  /** Order of waiting jobs in a new resource group: `unordered`, `oldest_first`, `newest_first` or `newest_ready_first`. */
  resourceGroupDefaultProcessMode?: pulumi.Input<string | undefined>;
  /** Whether the instance's runners take its jobs. */
  sharedRunnersEnabled?: pulumi.Input<boolean | undefined>;
  /** `never`, `always`, `default_on` or `default_off`. */
  squashOption?: pulumi.Input<string | undefined>;
  /** Words it is found by. */
  topics?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** `private`, `internal` or `public`. */
  visibilityLevel?: pulumi.Input<string | undefined>;
}

/** What is known of a Project that is looked up by its id. */
export interface ProjectState extends Partial<ProjectArgs> {
  /** Where its picture is. */
  avatarUrl?: pulumi.Input<string | undefined>;
  /** True while the repository has no commit. */
  emptyRepo?: pulumi.Input<boolean | undefined>;
  /** What to clone over HTTPS. */
  httpUrlToRepo?: pulumi.Input<string | undefined>;
  /** Its full path: `group/project`. */
  pathWithNamespace?: pulumi.Input<string | undefined>;
  /** Registration token of its runners. */
  runnersToken?: pulumi.Input<string | undefined>;
  /** What to clone over SSH. */
  sshUrlToRepo?: pulumi.Input<string | undefined>;
  /** Its page. */
  webUrl?: pulumi.Input<string | undefined>;
}
