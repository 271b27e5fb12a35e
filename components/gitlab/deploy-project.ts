import { BranchProtection, type BranchProtectionArgs, DeployKey, Project } from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";
import type { ExistingProject } from "./existing-project";
import { SUBJECT_CLAIMS } from "./job-subject";

export interface DeployProjectArgs {
  readonly existing: ExistingProject;
  /** The branch that Flux watches. */
  readonly branch: string;
  /** GitLab.com counts as `enterprise`. Each edition refuses the other's way to say who may push. */
  readonly edition: "enterprise" | "community";
  /** Otherwise only maintainers. */
  readonly developersMayMerge: boolean;
  /** Public half of a key that may push over SSH; absent: jobs push by their job token. */
  readonly deployKey?: string | undefined;
}

/** The settings of the deploy repository's project: who may push, and what a pipeline may be told. The project itself is not ours. */
export class DeployProject extends pulumi.ComponentResource {
  /** The project's number, as text, once its settings are in place. */
  public readonly projectId: pulumi.Output<string>;

  constructor(name: string, args: DeployProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:gitlab:DeployProject", name, {}, opts);

    const { id, name: title, description, ciConfigPath } = args.existing;
    const project = new Project(
      `${name}-project`,
      {
        // As they are: left out, the provider would take them back.
        name: title,
        description,
        ciConfigPath,
        // Whoever may start a pipeline could otherwise set VAULT_ADDR or PATH of a job that holds an ID token.
        ciPipelineVariablesMinimumOverrideRole: "no_one_allowed",
        ciPushRepositoryForJobTokenAllowed: args.deployKey === undefined,
        ciIdTokenSubClaimComponents: [...SUBJECT_CLAIMS],
        // Of several jobs that wait, the oldest knows least; but each must have its turn, since a person may wait for it.
        resourceGroupDefaultProcessMode: "oldest_first",
        // Logs of these jobs name files and keys.
        publicJobs: false,
        // Whoever writes here has a branch for it, which the project's own rules hold for; and its history stays in one place.
        forkingAccessLevel: "disabled",
      },
      // A project with its whole history is never deleted from here.
      { parent: this, import: id, retainOnDelete: true },
    );
    if (args.deployKey !== undefined)
      new DeployKey(
        `${name}-deploy-key`,
        { project: project.id, title: "sopsloop", key: args.deployKey, canPush: true },
        { parent: this },
      );
    new BranchProtection(
      `${name}-branch`,
      { project: project.id, branch: args.branch, allowForcePush: false, ...accessOf(args) },
      { parent: this },
    );

    this.projectId = project.id;
    this.registerOutputs({ projectId: this.projectId });
  }
}

function accessOf({ edition, developersMayMerge }: DeployProjectArgs): Partial<BranchProtectionArgs> {
  const merge = developersMayMerge ? "developer" : "maintainer";
  if (edition === "community") return { pushAccessLevel: "maintainer", mergeAccessLevel: merge };
  return { allowedToPushes: [{ accessLevel: "maintainer" }], allowedToMerges: [{ accessLevel: merge }] };
}
