import type { PlannedJob } from "../config/planned-job";
import type { CiJob, CiPipeline, PipelineHost, PipelineRequest } from "../contract";
import { slugOf } from "./slug";

/** What git knows about the pipeline's commit. */
export interface CommitFacts {
  readonly message: string;
  /** `Name <address>`. */
  readonly author: string;
  /** ISO 8601. */
  readonly timestamp: string;
  /** Set for a merge request: the tip of the target branch and the commit where both branches meet. */
  readonly target?: { readonly sha: string; readonly baseSha: string };
}

type Values = Record<string, string>;

/**
 * What every job of a pipeline is told, and what rules see.
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function pipelineVariables(
  request: PipelineRequest,
  pipeline: Pick<CiPipeline, "iid" | "createdAt" | "protectedRef" | "beforeSha">,
  commit: CommitFacts,
  host: Pick<PipelineHost, "address">,
): Values {
  const { source, user, schedule, triggerShortToken, openMergeRequests = [] } = request;
  return {
    CI: "true",
    GITLAB_CI: "true",
    ...serverVariables(host.address),
    ...projectVariables(request, host.address),
    ...commitVariables(request, commit),
    CI_COMMIT_BEFORE_SHA: pipeline.beforeSha,
    CI_COMMIT_REF_PROTECTED: String(pipeline.protectedRef),
    CI_PIPELINE_IID: String(pipeline.iid),
    CI_PIPELINE_SOURCE: source,
    CI_PIPELINE_CREATED_AT: pipeline.createdAt.replace(/\.\d+Z$/, "Z"),
    ...(source === "trigger" && { CI_PIPELINE_TRIGGERED: "true" }),
    ...(triggerShortToken !== undefined && { CI_TRIGGER_SHORT_TOKEN: triggerShortToken }),
    ...(schedule && { CI_PIPELINE_SCHEDULE_DESCRIPTION: schedule.description }),
    ...(openMergeRequests.length > 0 && { CI_OPEN_MERGE_REQUESTS: openMergeRequests.join(",") }),
    ...mergeRequestVariables(request, commit, host.address),
    GITLAB_USER_ID: String(user.id),
    GITLAB_USER_LOGIN: user.username,
    GITLAB_USER_NAME: user.name,
    GITLAB_USER_EMAIL: user.email,
  };
}

/** What a single job is told besides. `token` is its job token. */
export function jobVariables(
  job: CiJob,
  pipeline: Pick<CiPipeline, "id">,
  planned: PlannedJob,
  { url, path }: PipelineRequest["project"],
  host: Pick<PipelineHost, "address" | "ca">,
  token: string,
): Values {
  const { environment } = planned;
  const web = `${host.address}/${path}`;
  const withToken = new URL(url);
  withToken.username = "gitlab-ci-token";
  withToken.password = token;
  return {
    CI_JOB_ID: String(job.id),
    CI_JOB_NAME: job.name,
    CI_JOB_NAME_SLUG: slugOf(job.name),
    CI_JOB_STAGE: job.stage,
    CI_JOB_TOKEN: token,
    CI_JOB_URL: `${web}/-/jobs/${job.id}`,
    CI_JOB_TIMEOUT: String(job.timeout),
    ...(planned.when === "manual" && { CI_JOB_MANUAL: "true" }),
    CI_PIPELINE_ID: String(pipeline.id),
    CI_PIPELINE_URL: `${web}/-/pipelines/${pipeline.id}`,
    CI_REPOSITORY_URL: withToken.href,
    CI_SERVER_TLS_CA_FILE: host.ca,
    CI_RUNNER_TAGS: JSON.stringify(job.tags),
    ...(environment && {
      CI_ENVIRONMENT_NAME: job.environment ?? environment.name,
      CI_ENVIRONMENT_SLUG: slugOf(job.environment ?? environment.name).slice(0, 24),
      CI_ENVIRONMENT_ACTION: environment.action,
    }),
  };
}

function serverVariables(address: string): Values {
  const { protocol, hostname, port, host } = new URL(address);
  return {
    CI_SERVER: "yes",
    CI_SERVER_NAME: "GitLab",
    CI_SERVER_URL: address,
    CI_SERVER_PROTOCOL: protocol.replace(":", ""),
    CI_SERVER_HOST: hostname,
    CI_SERVER_PORT: port || (protocol === "https:" ? "443" : "80"),
    CI_SERVER_FQDN: host,
    CI_API_V4_URL: `${address}/api/v4`,
  };
}

function projectVariables({ project }: PipelineRequest, address: string): Values {
  const namespace = project.path.split("/").slice(0, -1).join("/");
  return {
    CI_PROJECT_ID: String(project.id),
    CI_PROJECT_NAME: project.path.split("/").slice(-1)[0] ?? project.name,
    CI_PROJECT_TITLE: project.name,
    CI_PROJECT_PATH: project.path,
    CI_PROJECT_PATH_SLUG: slugOf(project.path),
    CI_PROJECT_NAMESPACE: namespace,
    CI_PROJECT_ROOT_NAMESPACE: namespace.split("/")[0] ?? namespace,
    CI_PROJECT_URL: `${address}/${project.path}`,
    CI_PROJECT_VISIBILITY: project.visibility,
    CI_CONFIG_PATH: project.ciConfigPath,
    CI_DEFAULT_BRANCH: project.defaultBranch,
  };
}

function commitVariables(request: PipelineRequest, commit: CommitFacts): Values {
  const { sha, tag = false, mergeRequest } = request;
  const ref = mergeRequest?.sourceBranch ?? request.ref;
  const [title = "", ...rest] = commit.message.split("\n");
  return {
    CI_COMMIT_SHA: sha,
    CI_COMMIT_SHORT_SHA: sha.slice(0, 8),
    CI_COMMIT_REF_NAME: ref,
    CI_COMMIT_REF_SLUG: slugOf(ref),
    // Neither tags nor merge requests have it: rules tell the three apart by that.
    ...(!tag && !mergeRequest && { CI_COMMIT_BRANCH: ref }),
    ...(tag && { CI_COMMIT_TAG: ref }),
    CI_COMMIT_MESSAGE: commit.message,
    CI_COMMIT_TITLE: title,
    CI_COMMIT_DESCRIPTION: rest.join("\n").replace(/^\n+/, ""),
    CI_COMMIT_AUTHOR: commit.author,
    CI_COMMIT_TIMESTAMP: commit.timestamp,
  };
}

function mergeRequestVariables(
  { mergeRequest, project }: PipelineRequest,
  { target }: CommitFacts,
  address: string,
): Values {
  if (!mergeRequest) return {};
  return {
    CI_MERGE_REQUEST_ID: String(mergeRequest.id),
    CI_MERGE_REQUEST_IID: String(mergeRequest.iid),
    CI_MERGE_REQUEST_REF_PATH: `refs/merge-requests/${mergeRequest.iid}/head`,
    CI_MERGE_REQUEST_EVENT_TYPE: "detached",
    CI_MERGE_REQUEST_TITLE: mergeRequest.title,
    CI_MERGE_REQUEST_LABELS: mergeRequest.labels.join(","),
    CI_MERGE_REQUEST_PROJECT_ID: String(project.id),
    CI_MERGE_REQUEST_PROJECT_PATH: project.path,
    CI_MERGE_REQUEST_PROJECT_URL: `${address}/${project.path}`,
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: String(project.id),
    CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: project.path,
    CI_MERGE_REQUEST_SOURCE_PROJECT_URL: `${address}/${project.path}`,
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: mergeRequest.sourceBranch,
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: mergeRequest.targetBranch,
    // Only pipelines of merged results have these two.
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "",
    CI_MERGE_REQUEST_TARGET_BRANCH_SHA: "",
    ...(target && { CI_MERGE_REQUEST_DIFF_BASE_SHA: target.baseSha }),
  };
}
