import type { When } from "./order/next-step";
import type { ProcessMode } from "./order/resource-queue";

/** What starts a pipeline: `CI_PIPELINE_SOURCE`. */
export type PipelineSource =
  | "push"
  | "web"
  | "trigger"
  | "schedule"
  | "api"
  | "merge_request_event"
  | "pipeline";

export type JobStatus =
  | "created"
  | "waiting_for_resource"
  | "pending"
  | "running"
  | "success"
  | "failed"
  | "canceled"
  | "skipped"
  | "manual"
  | "scheduled";

export type FailureReason =
  | "script_failure"
  | "job_execution_timeout"
  | "runner_system_failure"
  | "config_error";

/** The project that a pipeline belongs to, as far as its jobs see it. */
export interface CiProject {
  readonly id: number;
  /** `group/name`. */
  readonly path: string;
  readonly name: string;
  readonly visibility: string;
  readonly defaultBranch: string;
  /** The bare repository on disk. */
  readonly repository: string;
  /** Where people and jobs clone it from, without credentials: `https://…/group/name.git`. */
  readonly url: string;
  /** The project's setting: the CI file, `.gitlab-ci.yml` unless set. */
  readonly ciConfigPath: string;
  /** The project's setting for jobs without a `timeout` of their own, in seconds. */
  readonly buildTimeout: number;
}

export interface CiUser {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
}

/** A variable as the API has it. */
export interface CiVariable {
  readonly key: string;
  readonly value: string;
  readonly variableType: "env_var" | "file";
  /** Only for pipelines of protected branches and tags. */
  readonly protected: boolean;
  /** Shown as `[MASKED]` in traces. */
  readonly masked: boolean;
  /** Raw: `$` in it means itself. */
  readonly raw: boolean;
  /** `*`, a name, or a name with `*` in it. */
  readonly environmentScope: string;
}

/** The merge request of a merge request pipeline. */
export interface CiMergeRequest {
  readonly id: number;
  readonly iid: number;
  readonly title: string;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly labels: readonly string[];
}

export interface CiSchedule {
  readonly id: number;
  readonly description: string;
}

/** What `PipelineRunner.create` is asked for. */
export interface PipelineRequest {
  readonly project: CiProject;
  /** A branch or a tag, without `refs/…/`. */
  readonly ref: string;
  readonly tag?: boolean;
  readonly sha: string;
  /** What the branch pointed at before a push; decides `rules: changes`. */
  readonly beforeSha?: string;
  readonly source: PipelineSource;
  /** The caller's own, which come before all others. */
  readonly variables: readonly Pick<CiVariable, "key" | "value" | "variableType">[];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly user: CiUser;
  readonly mergeRequest?: CiMergeRequest;
  readonly schedule?: CiSchedule;
  /** Open merge requests from the same branch, as `group/name!1`. */
  readonly openMergeRequests?: readonly string[];
  /** The first four letters of the trigger token behind `glptt-`. */
  readonly triggerShortToken?: string;
}

/** A file that a job leaves behind. `path` is relative to the job's folder of artifacts. */
export interface ArtifactFile {
  /** `archive` for `artifacts: paths`, else the name under `artifacts: reports`. */
  readonly type: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** A job as it stands. The runner changes it and tells the store. Times are ISO 8601. */
export interface CiJob {
  readonly id: number;
  readonly pipelineId: number;
  readonly projectId: number;
  readonly name: string;
  readonly stage: string;
  readonly when: When;
  /** For a job that forgives some exit codes: decided when it has failed. */
  allowFailure: boolean;
  readonly environment?: string;
  readonly environmentAction?: string;
  readonly resourceGroup?: string;
  /** Seconds after which it is ended. */
  readonly timeout: number;
  /** Whether the CI file or the job sets its timeout, which decides how long its id_tokens live. */
  readonly ownTimeout: boolean;
  readonly tags: readonly string[];
  readonly createdAt: string;
  status: JobStatus;
  failureReason?: FailureReason;
  exitCode?: number;
  startedAt?: string;
  finishedAt?: string;
  /** A newer job has taken its place. */
  retried: boolean;
  artifacts: readonly ArtifactFile[];
  /** Who started the pipeline or, for a manual job, who started the job. */
  user: CiUser;
}

/** A pipeline as it stands. */
export interface CiPipeline {
  readonly id: number;
  /** Counts the project's pipelines. */
  readonly iid: number;
  readonly projectId: number;
  /** As the CI file's `workflow: name` has it. */
  readonly name?: string;
  readonly ref: string;
  readonly tag: boolean;
  readonly sha: string;
  readonly beforeSha: string;
  readonly source: PipelineSource;
  readonly protectedRef: boolean;
  readonly user: CiUser;
  readonly mergeRequest?: CiMergeRequest;
  readonly createdAt: string;
  status: JobStatus;
  /** Why the CI file could not be read; such a pipeline has no jobs. */
  yamlErrors?: string;
  startedAt?: string;
  finishedAt?: string;
  updatedAt: string;
}

/** The store's part: what the runner asks, and what it tells. */
export interface PipelineHost {
  /** The emulator's address, `https://127.0.0.1:13443`, and the file with its CA. */
  readonly address: string;
  readonly ca: string;
  /** Every project whose files a CI file may include. */
  projects(): readonly Pick<CiProject, "url" | "repository">[];
  nextPipelineId(project: CiProject): { readonly id: number; readonly iid: number };
  nextJobId(): number;
  /** The project's own variables. */
  variables(project: CiProject): readonly CiVariable[];
  isProtected(project: CiProject, ref: string): boolean;
  resourceGroupMode(project: CiProject, key: string): ProcessMode;
  /** A token for REST and git that holds until `revokeJobToken`. */
  jobToken(job: CiJob): string;
  revokeJobToken(job: CiJob): void;
  /** A signed token for one `id_tokens` entry of a job that is about to run. */
  mintIdToken(job: CiJob, audience: string | readonly string[]): Promise<string>;
  pipelineChanged(pipeline: CiPipeline): void;
  jobChanged(job: CiJob): void;
}
