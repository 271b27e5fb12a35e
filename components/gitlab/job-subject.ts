/** What a project's ID tokens say in `sub`. Entra ID compares it as a whole, so what makes tokens and what trusts them share this. */
export const SUBJECT_CLAIMS = ["project_path", "ref_type", "ref"] as const;

export interface JobOrigin {
  /** Full path of the project, in GitLab's own spelling. */
  readonly project: string;
  readonly branch: string;
}

/**
 * `sub` of the ID tokens of a branch's jobs, merge requests from that branch included. Those from forks have the fork's path since GitLab 18.2.2,
 * also where their pipelines run in this project.
 */
export function jobSubject({ project, branch }: JobOrigin): string {
  const claims = { project_path: project, ref_type: "branch", ref: branch };
  return SUBJECT_CLAIMS.map((claim) => `${claim}:${claims[claim]}`).join(":");
}
