import * as pulumi from "@pulumi/pulumi";
import { isOfType, optionsOf, propertiesOf, type Shape } from "./shape";
import type * as inputs from "./types/input";
import type * as outputs from "./types/output";

/** What BranchProtection is created from. */
export interface BranchProtectionArgs {
  /** Default false. True lets those who may push rewrite the branch. */
  allowForcePush?: pulumi.Input<boolean | undefined>;
  /** Who may merge, on the Enterprise Edition (GitLab.com too). The provider refuses it on the Community Edition. */
  allowedToMerges?: pulumi.Input<pulumi.Input<inputs.BranchProtectionAllowedToMerge>[] | undefined>;
  /** Who may push, on the Enterprise Edition (GitLab.com too). The provider refuses it on the Community Edition. */
  allowedToPushes?: pulumi.Input<pulumi.Input<inputs.BranchProtectionAllowedToPush>[] | undefined>;
  /** Who may take the protection away. The provider refuses it on the Community Edition. */
  allowedToUnprotects?: pulumi.Input<pulumi.Input<inputs.BranchProtectionAllowedToUnprotect>[] | undefined>;
  /** Name of the branch, or a pattern with `*`. */
  branch: pulumi.Input<string>;
  /** Default false. The provider refuses it on the Community Edition. */
  codeOwnerApprovalRequired?: pulumi.Input<boolean | undefined>;
  /** `no one`, `developer`, `maintainer` or `admin`. Community Edition only: the provider refuses it on the other. */
  mergeAccessLevel?: pulumi.Input<string | undefined>;
  /** Id of the project, or its full path. */
  project: pulumi.Input<string>;
  /** `no one`, `developer`, `maintainer` or `admin`. Community Edition only: the provider refuses it on the other. */
  pushAccessLevel?: pulumi.Input<string | undefined>;
}

/** What is known of a BranchProtection that is looked up by its id. */
export interface BranchProtectionState extends Partial<BranchProtectionArgs> {
  /** The protection's number within GitLab. */
  branchProtectionId?: pulumi.Input<number | undefined>;
}

const shape: Shape<BranchProtectionState> = {
  allowForcePush: "optional",
  allowedToMerges: "optional",
  allowedToPushes: "optional",
  allowedToUnprotects: "optional",
  branch: "required",
  codeOwnerApprovalRequired: "optional",
  mergeAccessLevel: "optional",
  project: "required",
  pushAccessLevel: "optional",
  branchProtectionId: "output",
};

/** Who may push to a branch, merge into it and take its protection away. Import by `<project>:<branch>`. */
export class BranchProtection extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/branchProtection:BranchProtection";

  /** The existing one with this id, which is read and not managed. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BranchProtectionState,
    opts?: pulumi.CustomResourceOptions,
  ): BranchProtection {
    return new BranchProtection(name, state as BranchProtectionArgs, { ...opts, id });
  }

  /** True for a BranchProtection, of another copy of this package as well. */
  public static override isInstance(obj: unknown): obj is BranchProtection {
    return isOfType(obj, BranchProtection.__pulumiType);
  }

  declare public readonly allowForcePush: pulumi.Output<boolean>;
  declare public readonly allowedToMerges: pulumi.Output<outputs.BranchProtectionAllowedToMerge[]>;
  declare public readonly allowedToPushes: pulumi.Output<outputs.BranchProtectionAllowedToPush[]>;
  declare public readonly allowedToUnprotects: pulumi.Output<outputs.BranchProtectionAllowedToUnprotect[]>;
  declare public readonly branch: pulumi.Output<string>;
  declare public readonly codeOwnerApprovalRequired: pulumi.Output<boolean>;
  declare public readonly mergeAccessLevel: pulumi.Output<string>;
  declare public readonly project: pulumi.Output<string>;
  declare public readonly pushAccessLevel: pulumi.Output<string>;
  declare public readonly branchProtectionId: pulumi.Output<number>;

  constructor(name: string, args: BranchProtectionArgs, opts?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    given?: BranchProtectionArgs | BranchProtectionState,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(BranchProtection.__pulumiType, name, propertiesOf(shape, given, opts), optionsOf(shape, opts));
  }
}
