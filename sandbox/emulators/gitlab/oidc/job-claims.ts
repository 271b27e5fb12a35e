import type { Group, Json, Project, User } from "../model";
import type { CiJob, CiPipeline } from "../pipelines/contract";
import type { Claims } from "./issuer";

/** Lifetime of the ID tokens of a job that has no timeout of its own, in seconds. */
const SHORT = 5 * 60;

export interface ClaimSources {
  readonly job: CiJob;
  readonly pipeline: CiPipeline;
  readonly project: Project;
  readonly group: Group;
  readonly user: User;
  /** The user's role in the project, as GitLab names it. */
  readonly role: string;
  /** Host and port of the server, without a scheme. */
  readonly host: string;
}

/**
 * What GitLab says of a job. Numbers and truth values are texts.
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload
 */
export function jobClaims({ job, pipeline, project, group, user, role, host }: ClaimSources): Claims {
  const path = `${group.path}/${project.path}`;
  const ref = pipeline.mergeRequest?.sourceBranch ?? pipeline.ref;
  const refType = pipeline.tag ? "tag" : "branch";
  const refPath = `refs/${pipeline.tag ? "tags" : "heads"}/${ref}`;
  const ciFile = String(project.settings.ci_config_path || ".gitlab-ci.yml");
  const claims: Record<string, Json> = {
    namespace_id: String(group.id),
    namespace_path: group.path,
    project_id: String(project.id),
    project_path: path,
    user_id: String(user.id),
    user_login: user.username,
    user_email: user.email,
    user_access_level: role,
    pipeline_id: String(pipeline.id),
    pipeline_source: pipeline.source,
    job_id: String(job.id),
    ref,
    ref_type: refType,
    ref_path: refPath,
    ref_protected: String(pipeline.protectedRef),
    runner_id: 1,
    runner_environment: "self-hosted",
    sha: pipeline.sha,
    project_visibility: String(project.settings.visibility),
    ci_config_ref_uri: `${host}/${path}//${ciFile}@${refPath}`,
    ci_config_sha: pipeline.sha,
    ...(job.environment !== undefined && {
      environment: job.environment,
      environment_protected: "false",
      ...(job.environmentAction !== undefined && { deployment_action: job.environmentAction }),
    }),
  };
  return { ...claims, sub: subjectOf(project.settings.ci_id_token_sub_claim_components, claims) };
}

/** Seconds that a job's ID tokens live. */
export function lifetimeOf({ ownTimeout, timeout }: CiJob): number {
  return ownTimeout ? timeout : SHORT;
}

function subjectOf(components: Json | undefined, claims: Claims): string {
  const names = Array.isArray(components) ? components.map(String) : ["project_path", "ref_type", "ref"];
  return names.map((name) => `${name}:${String(claims[name] ?? "")}`).join(":");
}
