/** One that may merge. */
export interface BranchProtectionAllowedToMerge {
  accessLevel: string;
  /** GitLab's words for the level: `Maintainers`. */
  accessLevelDescription: string;
  groupId?: number;
  userId?: number;
}

/** One that may push. */
export interface BranchProtectionAllowedToPush {
  accessLevel: string;
  /** GitLab's words for the level: `Maintainers`. */
  accessLevelDescription: string;
  deployKeyId?: number;
  groupId?: number;
  userId?: number;
}

/** One that may take the protection away. */
export interface BranchProtectionAllowedToUnprotect {
  accessLevel: string;
  /** GitLab's words for the level: `Maintainers`. */
  accessLevelDescription: string;
  groupId?: number;
  userId?: number;
}

/** One value for a pipeline's `spec:inputs`. */
export interface PipelineScheduleInput {
  name: string;
  value: string;
}

/** A header that goes with each call of a hook. */
export interface ProjectHookCustomHeader {
  key: string;
  value: string;
}

/** A part of a hook's URL that GitLab shows as `{key}`. */
export interface ProjectHookUrlVariable {
  key: string;
  value: string;
}
