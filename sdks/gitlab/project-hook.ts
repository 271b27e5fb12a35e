import * as pulumi from "@pulumi/pulumi";
import { isOfType, optionsOf, propertiesOf, type Shape } from "./shape";
import type * as inputs from "./types/input";
import type * as outputs from "./types/output";

/** What ProjectHook is created from. */
export interface ProjectHookArgs {
  /** How `pushEventsBranchFilter` is read: `wildcard`, `regex` or `all_branches`. */
  branchFilterStrategy?: pulumi.Input<string | undefined>;
  /** Default false. True calls the hook on confidential issues. */
  confidentialIssuesEvents?: pulumi.Input<boolean | undefined>;
  /** Default false. True calls the hook on confidential notes. */
  confidentialNoteEvents?: pulumi.Input<boolean | undefined>;
  /** Headers that go with each call. */
  customHeaders?: pulumi.Input<pulumi.Input<inputs.ProjectHookCustomHeader>[] | undefined>;
  /** Body of the call, where it is not GitLab's own. */
  customWebhookTemplate?: pulumi.Input<string | undefined>;
  /** Default false. True calls the hook on deployments. */
  deploymentEvents?: pulumi.Input<boolean | undefined>;
  /** What the hook is for. */
  description?: pulumi.Input<string | undefined>;
  /** Default false. True calls the hook on emoji. */
  emojiEvents?: pulumi.Input<boolean | undefined>;
  /** Default true. False calls a server whose certificate nobody vouches for. */
  enableSslVerification?: pulumi.Input<boolean | undefined>;
  /** Default false. True calls the hook on feature flags. */
  featureFlagEvents?: pulumi.Input<boolean | undefined>;
  /** Default false. True calls the hook on issues. */
  issuesEvents?: pulumi.Input<boolean | undefined>;
  /** Default false. True calls the hook on jobs. */
  jobEvents?: pulumi.Input<boolean | undefined>;
  /** Default false. True calls the hook on merge requests. */
  mergeRequestsEvents?: pulumi.Input<boolean | undefined>;
  /** Default false. True calls the hook on milestones. */
  milestoneEvents?: pulumi.Input<boolean | undefined>;
  /** What GitLab shows as its name. Default: the resource's name with a random end. */
  name?: pulumi.Input<string | undefined>;
  /** Default false. True calls the hook on notes. */
  noteEvents?: pulumi.Input<boolean | undefined>;
  /** Default false. True calls the hook on pipelines. */
  pipelineEvents?: pulumi.Input<boolean | undefined>;
  /** Id of the project, or its full path. */
  project: pulumi.Input<string>;
  /** Default true. False does not call the hook on a push. */
  pushEvents?: pulumi.Input<boolean | undefined>;
  /** Branches whose pushes count. Default: all. */
  pushEventsBranchFilter?: pulumi.Input<string | undefined>;
  /** Default false. True calls the hook on releases. */
  releasesEvents?: pulumi.Input<boolean | undefined>;
  /** Default false. True calls the hook on access tokens that expire. */
  resourceAccessTokenEvents?: pulumi.Input<boolean | undefined>;
  /** Default false. True calls the hook on deploy tokens that expire. */
  resourceDeployTokenEvents?: pulumi.Input<boolean | undefined>;
  /** Key by which GitLab signs each call. GitLab 19.0 and later. */
  signingToken?: pulumi.Input<string | undefined>;
  /** Default false. True calls the hook on pushed tags. */
  tagPushEvents?: pulumi.Input<boolean | undefined>;
  /** Sent with each call in the header `X-Gitlab-Token`. GitLab never tells it again. */
  token?: pulumi.Input<string | undefined>;
  /** Where to call. A change makes a new hook. */
  url: pulumi.Input<string>;
  /** Parts of `url` that GitLab is to hide. */
  urlVariables?: pulumi.Input<pulumi.Input<inputs.ProjectHookUrlVariable>[] | undefined>;
  /** Default false. True calls the hook on vulnerabilities. */
  vulnerabilityEvents?: pulumi.Input<boolean | undefined>;
  /** Default false. True calls the hook on wiki pages. */
  wikiPageEvents?: pulumi.Input<boolean | undefined>;
}

/** What is known of a ProjectHook that is looked up by its id. */
export interface ProjectHookState extends Partial<ProjectHookArgs> {
  /** `executable`, or `disabled` after calls that failed. */
  alertStatus?: pulumi.Input<string | undefined>;
  /** When a hook that failed is called again. */
  disabledUntil?: pulumi.Input<string | undefined>;
  /** The hook's number within GitLab. */
  hookId?: pulumi.Input<number | undefined>;
  /** Id of the project. */
  projectId?: pulumi.Input<number | undefined>;
  /** Whether it is called on repository updates. */
  repositoryUpdateEvents?: pulumi.Input<boolean | undefined>;
  /** Whether GitLab has a signing token for it. */
  signingTokenPresent?: pulumi.Input<boolean | undefined>;
}

const shape: Shape<ProjectHookState> = {
  branchFilterStrategy: "optional",
  confidentialIssuesEvents: "optional",
  confidentialNoteEvents: "optional",
  customHeaders: "optional",
  customWebhookTemplate: "optional",
  deploymentEvents: "optional",
  description: "optional",
  emojiEvents: "optional",
  enableSslVerification: "optional",
  featureFlagEvents: "optional",
  issuesEvents: "optional",
  jobEvents: "optional",
  mergeRequestsEvents: "optional",
  milestoneEvents: "optional",
  name: "optional",
  noteEvents: "optional",
  pipelineEvents: "optional",
  project: "required",
  pushEvents: "optional",
  pushEventsBranchFilter: "optional",
  releasesEvents: "optional",
  resourceAccessTokenEvents: "optional",
  resourceDeployTokenEvents: "optional",
  signingToken: "secret optional",
  tagPushEvents: "optional",
  token: "secret optional",
  url: "required",
  urlVariables: "optional",
  vulnerabilityEvents: "optional",
  wikiPageEvents: "optional",
  alertStatus: "output",
  disabledUntil: "output",
  hookId: "output",
  projectId: "output",
  repositoryUpdateEvents: "output",
  signingTokenPresent: "output",
};

/** A URL that GitLab calls when something happens in a project. Import by `<project>:<hook id>`. */
export class ProjectHook extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/projectHook:ProjectHook";

  /** The existing one with this id, which is read and not managed. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ProjectHookState,
    opts?: pulumi.CustomResourceOptions,
  ): ProjectHook {
    return new ProjectHook(name, state as ProjectHookArgs, { ...opts, id });
  }

  /** True for a ProjectHook, of another copy of this package as well. */
  public static override isInstance(obj: unknown): obj is ProjectHook {
    return isOfType(obj, ProjectHook.__pulumiType);
  }

  declare public readonly branchFilterStrategy: pulumi.Output<string>;
  declare public readonly confidentialIssuesEvents: pulumi.Output<boolean>;
  declare public readonly confidentialNoteEvents: pulumi.Output<boolean>;
  declare public readonly customHeaders: pulumi.Output<outputs.ProjectHookCustomHeader[] | undefined>;
  declare public readonly customWebhookTemplate: pulumi.Output<string>;
  declare public readonly deploymentEvents: pulumi.Output<boolean>;
  declare public readonly description: pulumi.Output<string>;
  declare public readonly emojiEvents: pulumi.Output<boolean>;
  declare public readonly enableSslVerification: pulumi.Output<boolean>;
  declare public readonly featureFlagEvents: pulumi.Output<boolean>;
  declare public readonly issuesEvents: pulumi.Output<boolean>;
  declare public readonly jobEvents: pulumi.Output<boolean>;
  declare public readonly mergeRequestsEvents: pulumi.Output<boolean>;
  declare public readonly milestoneEvents: pulumi.Output<boolean>;
  declare public readonly name: pulumi.Output<string>;
  declare public readonly noteEvents: pulumi.Output<boolean>;
  declare public readonly pipelineEvents: pulumi.Output<boolean>;
  declare public readonly project: pulumi.Output<string>;
  declare public readonly pushEvents: pulumi.Output<boolean>;
  declare public readonly pushEventsBranchFilter: pulumi.Output<string>;
  declare public readonly releasesEvents: pulumi.Output<boolean>;
  declare public readonly resourceAccessTokenEvents: pulumi.Output<boolean>;
  declare public readonly resourceDeployTokenEvents: pulumi.Output<boolean>;
  declare public readonly signingToken: pulumi.Output<string | undefined>;
  declare public readonly tagPushEvents: pulumi.Output<boolean>;
  declare public readonly token: pulumi.Output<string>;
  declare public readonly url: pulumi.Output<string>;
  declare public readonly urlVariables: pulumi.Output<outputs.ProjectHookUrlVariable[] | undefined>;
  declare public readonly vulnerabilityEvents: pulumi.Output<boolean>;
  declare public readonly wikiPageEvents: pulumi.Output<boolean>;
  declare public readonly alertStatus: pulumi.Output<string>;
  declare public readonly disabledUntil: pulumi.Output<string>;
  declare public readonly hookId: pulumi.Output<number>;
  declare public readonly projectId: pulumi.Output<number>;
  declare public readonly repositoryUpdateEvents: pulumi.Output<boolean>;
  declare public readonly signingTokenPresent: pulumi.Output<boolean>;

  constructor(name: string, args: ProjectHookArgs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, given?: ProjectHookArgs | ProjectHookState, opts?: pulumi.CustomResourceOptions) {
    super(ProjectHook.__pulumiType, name, propertiesOf(shape, given, opts), optionsOf(shape, opts));
  }
}
