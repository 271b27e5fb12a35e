import * as pulumi from "@pulumi/pulumi";
import { packageOptions } from "./shape";

const TOKEN = "gitlab:index/getProject:getProject";

/** Which project to read: one of the two. */
export interface GetProjectArgs {
  /** Its number, or its full path. */
  id?: string;
  /** Its full path: `group/project`. */
  pathWithNamespace?: string;
}

/** As `GetProjectArgs`, with values that may not be known yet. */
export interface GetProjectOutputArgs {
  id?: pulumi.Input<string | undefined>;
  pathWithNamespace?: pulumi.Input<string | undefined>;
}

/** A project and its settings: of all that the plugin answers, what sopsloop may use. */
export interface GetProjectResult {
  readonly archived: boolean;
  readonly buildTimeout: number;
  readonly buildsAccessLevel: string;
  /** Path of the CI file, empty for `.gitlab-ci.yml`. */
  readonly ciConfigPath: string;
  readonly ciIdTokenSubClaimComponents: string[];
  readonly ciPipelineVariablesMinimumOverrideRole: string;
  readonly ciPushRepositoryForJobTokenAllowed: boolean;
  readonly defaultBranch: string;
  readonly description: string;
  readonly emptyRepo: boolean;
  /** What to clone over HTTPS. */
  readonly httpUrlToRepo: string;
  /** Its number, as text. */
  readonly id: string;
  readonly mergeMethod: string;
  readonly name: string;
  readonly nameWithNamespace: string;
  readonly namespaceId: number;
  readonly onlyAllowMergeIfPipelineSucceeds: boolean;
  readonly path: string;
  readonly pathWithNamespace: string;
  readonly publicJobs: boolean;
  readonly resourceGroupDefaultProcessMode: string;
  readonly sharedRunnersEnabled: boolean;
  /** What to clone over SSH. */
  readonly sshUrlToRepo: string;
  readonly topics: string[];
  readonly visibilityLevel: string;
  /** Its page. */
  readonly webUrl: string;
}

/** Reads a project that exists. Fails when there is none. */
export function getProject(args?: GetProjectArgs, opts?: pulumi.InvokeOptions): Promise<GetProjectResult> {
  return pulumi.runtime.invoke(TOKEN, argumentsOf(args), pulumi.mergeOptions(packageOptions(), opts ?? {}));
}

/** The same as an output, for arguments that are outputs. */
export function getProjectOutput(
  args?: GetProjectOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetProjectResult> {
  const options = pulumi.mergeOptions(packageOptions(), opts ?? {});
  return pulumi.runtime.invokeOutput(TOKEN, argumentsOf(args), options);
}

function argumentsOf(args: GetProjectArgs | GetProjectOutputArgs = {}): pulumi.Inputs {
  return { id: args.id, pathWithNamespace: args.pathWithNamespace };
}
