import { z } from "zod";
import type { Json } from "../model";

const access = z.enum(["disabled", "private", "enabled"]);
const processMode = z.enum(["unordered", "oldest_first", "newest_first", "newest_ready_first"]);

/** The claims that `ci_id_token_sub_claim_components` may name; the first has to be the path. */
const SUBJECT_PARTS = [
  "project_path",
  "ref_type",
  "ref",
  "environment",
  "deployment_tier",
  "environment_protected",
  "ref_protected",
] as const;

const subject = z
  .array(z.enum(SUBJECT_PARTS))
  .refine(([first]) => first === "project_path", "must start with project_path");

/** What `PUT /projects/:id` sets, by the API's names, with what a new project has. */
const SETTINGS = {
  description: [z.string().nullable(), null],
  visibility: [z.enum(["private", "internal", "public"]), "private"],
  default_branch: [z.string(), "main"],
  topics: [z.array(z.string()), []],
  ci_config_path: [z.string().nullable(), ""],
  build_timeout: [z.number().int().min(600), 3_600],
  build_git_strategy: [z.enum(["clone", "fetch"]), "fetch"],
  builds_access_level: [access, "enabled"],
  repository_access_level: [access, "enabled"],
  issues_access_level: [access, "enabled"],
  merge_requests_access_level: [access, "enabled"],
  container_registry_access_level: [access, "enabled"],
  auto_cancel_pending_pipelines: [z.enum(["enabled", "disabled"]), "enabled"],
  auto_devops_enabled: [z.boolean(), false],
  allow_merge_on_skipped_pipeline: [z.boolean().nullable(), null],
  ci_default_git_depth: [z.number().int().nullable(), 20],
  ci_delete_pipelines_in_seconds: [z.number().int().nullable(), null],
  ci_display_pipeline_variables: [z.boolean(), false],
  ci_forward_deployment_enabled: [z.boolean(), true],
  ci_forward_deployment_rollback_allowed: [z.boolean(), true],
  ci_id_token_sub_claim_components: [subject, ["project_path", "ref_type", "ref"]],
  ci_pipeline_variables_minimum_override_role: [
    z.enum(["no_one_allowed", "owner", "maintainer", "developer"]),
    "no_one_allowed",
  ],
  ci_push_repository_for_job_token_allowed: [z.boolean(), false],
  ci_restrict_pipeline_cancellation_role: [z.enum(["developer", "maintainer", "no_one"]), "developer"],
  ci_separated_caches: [z.boolean(), true],
  resource_group_default_process_mode: [processMode, "unordered"],
  forking_access_level: [access, "enabled"],
  group_runners_enabled: [z.boolean(), true],
  shared_runners_enabled: [z.boolean(), true],
  keep_latest_artifact: [z.boolean(), true],
  lfs_enabled: [z.boolean(), true],
  public_jobs: [z.boolean(), true],
  request_access_enabled: [z.boolean(), true],
  merge_method: [z.enum(["merge", "rebase_merge", "ff"]), "merge"],
  squash_option: [z.enum(["never", "always", "default_on", "default_off"]), "default_off"],
  only_allow_merge_if_all_discussions_are_resolved: [z.boolean(), false],
  only_allow_merge_if_pipeline_succeeds: [z.boolean(), false],
  protect_merge_request_pipelines: [z.boolean(), true],
  remove_source_branch_after_merge: [z.boolean(), true],
} satisfies Readonly<Record<string, readonly [z.ZodType, Json]>>;

/** Names that older clients send. */
const FORMER: Readonly<Record<string, string>> = { public_builds: "public_jobs" };

/** The shape of a change of settings. Unknown names are left out, as GitLab does. */
export const settingsSchema = z.object(
  Object.fromEntries(Object.entries(SETTINGS).map(([name, [schema]]) => [name, schema.optional()])),
);

export function newSettings(): Record<string, Json> {
  return structuredClone(
    Object.fromEntries(Object.entries(SETTINGS).map(([name, [, initial]]) => [name, initial as Json])),
  );
}

/** A request's body by today's names. */
export function byTodaysNames(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [FORMER[name] ?? name, value]));
}
