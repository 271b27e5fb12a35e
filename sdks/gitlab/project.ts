import * as pulumi from "@pulumi/pulumi";
import type { ProjectArgs, ProjectState } from "./project-args";
import { isOfType, optionsOf, propertiesOf, type Shape } from "./shape";

const shape: Shape<ProjectState> = {
  allowMergeOnSkippedPipeline: "optional",
  archiveOnDestroy: "optional",
  archived: "optional",
  autoCancelPendingPipelines: "optional",
  autoDevopsEnabled: "optional",
  buildGitStrategy: "optional",
  buildTimeout: "optional",
  buildsAccessLevel: "optional",
  ciConfigPath: "optional",
  ciDefaultGitDepth: "optional",
  ciDeletePipelinesInSeconds: "optional",
  ciDisplayPipelineVariables: "optional",
  ciForwardDeploymentEnabled: "optional",
  ciForwardDeploymentRollbackAllowed: "optional",
  ciIdTokenSubClaimComponents: "optional",
  ciPipelineVariablesMinimumOverrideRole: "optional",
  ciPushRepositoryForJobTokenAllowed: "optional",
  ciRestrictPipelineCancellationRole: "optional",
  ciSeparatedCaches: "optional",
  containerRegistryAccessLevel: "optional",
  defaultBranch: "optional",
  description: "optional",
  forkingAccessLevel: "optional",
  groupRunnersEnabled: "optional",
  initializeWithReadme: "optional",
  issuesAccessLevel: "optional",
  keepLatestArtifact: "optional",
  lfsEnabled: "optional",
  mergeMethod: "optional",
  mergeRequestsAccessLevel: "optional",
  name: "optional",
  namespaceId: "optional",
  onlyAllowMergeIfAllDiscussionsAreResolved: "optional",
  onlyAllowMergeIfPipelineSucceeds: "optional",
  path: "optional",
  permanentlyDeleteOnDestroy: "optional",
  protectMergeRequestPipelines: "optional",
  publicJobs: "optional",
  removeSourceBranchAfterMerge: "optional",
  repositoryAccessLevel: "optional",
  requestAccessEnabled: "optional",
  resourceGroupDefaultProcessMode: "optional",
  sharedRunnersEnabled: "optional",
  squashOption: "optional",
  topics: "optional",
  visibilityLevel: "optional",
  avatarUrl: "output",
  emptyRepo: "output",
  httpUrlToRepo: "output",
  pathWithNamespace: "output",
  runnersToken: "secret output",
  sshUrlToRepo: "output",
  webUrl: "output",
};

/** A project and its settings. What the program does not say stays as GitLab has it. Import by `<project>`. */
export class Project extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/project:Project";

  /** The existing one with this id, which is read and not managed. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ProjectState,
    opts?: pulumi.CustomResourceOptions,
  ): Project {
    return new Project(name, state as ProjectArgs, { ...opts, id });
  }

  /** True for a Project, of another copy of this package as well. */
  public static override isInstance(obj: unknown): obj is Project {
    return isOfType(obj, Project.__pulumiType);
  }

  declare public readonly allowMergeOnSkippedPipeline: pulumi.Output<boolean>;
  declare public readonly archiveOnDestroy: pulumi.Output<boolean | undefined>;
  declare public readonly archived: pulumi.Output<boolean | undefined>;
  declare public readonly autoCancelPendingPipelines: pulumi.Output<string>;
  declare public readonly autoDevopsEnabled: pulumi.Output<boolean>;
  declare public readonly buildGitStrategy: pulumi.Output<string>;
  declare public readonly buildTimeout: pulumi.Output<number>;
  declare public readonly buildsAccessLevel: pulumi.Output<string>;
  declare public readonly ciConfigPath: pulumi.Output<string | undefined>;
  declare public readonly ciDefaultGitDepth: pulumi.Output<number>;
  declare public readonly ciDeletePipelinesInSeconds: pulumi.Output<number>;
  declare public readonly ciDisplayPipelineVariables: pulumi.Output<boolean>;
  declare public readonly ciForwardDeploymentEnabled: pulumi.Output<boolean>;
  declare public readonly ciForwardDeploymentRollbackAllowed: pulumi.Output<boolean>;
  declare public readonly ciIdTokenSubClaimComponents: pulumi.Output<string[]>;
  declare public readonly ciPipelineVariablesMinimumOverrideRole: pulumi.Output<string>;
  declare public readonly ciPushRepositoryForJobTokenAllowed: pulumi.Output<boolean>;
  declare public readonly ciRestrictPipelineCancellationRole: pulumi.Output<string>;
  declare public readonly ciSeparatedCaches: pulumi.Output<boolean>;
  declare public readonly containerRegistryAccessLevel: pulumi.Output<string>;
  declare public readonly defaultBranch: pulumi.Output<string>;
  declare public readonly description: pulumi.Output<string | undefined>;
  declare public readonly forkingAccessLevel: pulumi.Output<string>;
  declare public readonly groupRunnersEnabled: pulumi.Output<boolean>;
  declare public readonly initializeWithReadme: pulumi.Output<boolean | undefined>;
  declare public readonly issuesAccessLevel: pulumi.Output<string>;
  declare public readonly keepLatestArtifact: pulumi.Output<boolean>;
  declare public readonly lfsEnabled: pulumi.Output<boolean>;
  declare public readonly mergeMethod: pulumi.Output<string>;
  declare public readonly mergeRequestsAccessLevel: pulumi.Output<string>;
  declare public readonly name: pulumi.Output<string>;
  declare public readonly namespaceId: pulumi.Output<number>;
  declare public readonly onlyAllowMergeIfAllDiscussionsAreResolved: pulumi.Output<boolean>;
  declare public readonly onlyAllowMergeIfPipelineSucceeds: pulumi.Output<boolean>;
  declare public readonly path: pulumi.Output<string | undefined>;
  declare public readonly permanentlyDeleteOnDestroy: pulumi.Output<boolean | undefined>;
  declare public readonly protectMergeRequestPipelines: pulumi.Output<boolean>;
  declare public readonly publicJobs: pulumi.Output<boolean>;
  declare public readonly removeSourceBranchAfterMerge: pulumi.Output<boolean>;
  declare public readonly repositoryAccessLevel: pulumi.Output<string>;
  declare public readonly requestAccessEnabled: pulumi.Output<boolean>;
  declare public readonly resourceGroupDefaultProcessMode: pulumi.Output<string>;
  declare public readonly sharedRunnersEnabled: pulumi.Output<boolean>;
  declare public readonly squashOption: pulumi.Output<string>;
  declare public readonly topics: pulumi.Output<string[]>;
  declare public readonly visibilityLevel: pulumi.Output<string>;
  declare public readonly avatarUrl: pulumi.Output<string>;
  declare public readonly emptyRepo: pulumi.Output<boolean>;
  declare public readonly httpUrlToRepo: pulumi.Output<string>;
  declare public readonly pathWithNamespace: pulumi.Output<string>;
  declare public readonly runnersToken: pulumi.Output<string>;
  declare public readonly sshUrlToRepo: pulumi.Output<string>;
  declare public readonly webUrl: pulumi.Output<string>;

  constructor(name: string, args?: ProjectArgs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, given?: ProjectArgs | ProjectState, opts?: pulumi.CustomResourceOptions) {
    super(Project.__pulumiType, name, propertiesOf(shape, given, opts), optionsOf(shape, opts));
  }
}
