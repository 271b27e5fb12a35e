import type * as pulumi from "@pulumi/pulumi";

/** One that may merge: by level, or by the id of a user or group. */
export interface BranchProtectionAllowedToMerge {
  /** `no one`, `developer`, `maintainer` or `admin`. */
  accessLevel?: pulumi.Input<string | undefined>;
  accessLevelDescription?: pulumi.Input<string | undefined>;
  groupId?: pulumi.Input<number | undefined>;
  userId?: pulumi.Input<number | undefined>;
}

/** One that may push: by level, or by the id of a user, a group or a deploy key. */
export interface BranchProtectionAllowedToPush {
  /** `no one`, `developer`, `maintainer` or `admin`. */
  accessLevel?: pulumi.Input<string | undefined>;
  accessLevelDescription?: pulumi.Input<string | undefined>;
  deployKeyId?: pulumi.Input<number | undefined>;
  groupId?: pulumi.Input<number | undefined>;
  userId?: pulumi.Input<number | undefined>;
}

/** One that may take the protection away: by level, or by the id of a user or group. */
export interface BranchProtectionAllowedToUnprotect {
  /** `developer`, `maintainer` or `admin`. */
  accessLevel?: pulumi.Input<string | undefined>;
  accessLevelDescription?: pulumi.Input<string | undefined>;
  groupId?: pulumi.Input<number | undefined>;
  userId?: pulumi.Input<number | undefined>;
}

/** One value for a pipeline's `spec:inputs`. */
export interface PipelineScheduleInput {
  name: pulumi.Input<string>;
  value: pulumi.Input<string>;
}

/** A header that goes with each call of a hook. */
export interface ProjectHookCustomHeader {
  key: pulumi.Input<string>;
  /** Never told again by GitLab. */
  value: pulumi.Input<string>;
}

/** A part of a hook's URL that GitLab shows as `{key}`. */
export interface ProjectHookUrlVariable {
  key: pulumi.Input<string>;
  /** Never told again by GitLab. */
  value: pulumi.Input<string>;
}
