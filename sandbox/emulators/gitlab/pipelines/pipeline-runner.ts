import { join } from "node:path";
import { commitFacts, hasCommit } from "./commit-facts";
import { type Plan, planPipeline } from "./config/plan";
import type { CiJob, CiPipeline, CiVariable, PipelineHost, PipelineRequest } from "./contract";
import { readTrace } from "./job/trace";
import { JobQueue } from "./job-queue";
import { JobStarter } from "./job-starter";
import { type LintRequest, type LintResult, lintCiFile } from "./lint";
import { PipelineRefused } from "./pipeline-refused";
import { PipelineRun } from "./pipeline-run";
import { inScratch } from "./scratch";
import { type CommitFacts, pipelineVariables } from "./variables/predefined";
import { visibleVariables } from "./variables/project-variables";

export interface RunnerOptions {
  /** Holds traces, artifacts and, while jobs run, their clones. */
  readonly folder: string;
  /** PATH of the jobs. */
  readonly path: string;
  /** Further variables of the jobs' processes, as a runner's own configuration gives them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Jobs that run at once. @default 4 */
  readonly concurrency?: number;
}

const NO_COMMIT = "0".repeat(40);
const SKIP = /\[(?:ci skip|skip ci)\]/i;
const MISSING = "Missing CI config file";

/** Makes pipelines and runs their jobs in the background, in GitLab's order. */
export class PipelineRunner {
  private readonly starter: JobStarter;
  private readonly queue: JobQueue;

  constructor(
    private readonly host: PipelineHost,
    private readonly options: RunnerOptions,
  ) {
    const { folder, path, environment, concurrency = 4 } = options;
    const folders = {
      work: join(folder, "jobs"),
      traces: join(folder, "traces"),
      artifacts: join(folder, "artifacts"),
    };
    this.starter = new JobStarter(host, folders, { ...environment, PATH: path });
    this.queue = new JobQueue(host, this.starter, concurrency);
  }

  /**
   * Makes a pipeline; its jobs run on after this resolves. Throws PipelineRefused where GitLab answers 400. For a push and a
   * merge request a CI file with errors makes a failed pipeline instead, as in GitLab.
   */
  async create(request: PipelineRequest): Promise<CiPipeline> {
    const { project, sha, mergeRequest, source } = request;
    const commit = await commitFacts(project.repository, sha, mergeRequest?.targetBranch);
    const byPush = source === "push" || source === "merge_request_event";
    if (byPush && SKIP.test(commit.message)) return this.withoutJobs(request, "skipped");
    let plan: Plan;
    try {
      plan = await this.plan(request, commit);
    } catch (error) {
      const broken = error instanceof PipelineRefused && error.reason === "config";
      if (!byPush || !broken || error.message === MISSING) throw error;
      return this.withoutJobs(request, "failed", error.message);
    }
    const pipeline = this.newPipeline(request, plan.name);
    const predefined = pipelineVariables(request, pipeline, commit, this.host);
    const run = new PipelineRun(pipeline, request, plan, predefined, () => this.visible(request, pipeline));
    for (const planned of plan.jobs) run.add(planned, this.host.nextJobId());
    this.host.pipelineChanged(pipeline);
    this.queue.add(run);
    return pipeline;
  }

  /** A pipeline's jobs, those of earlier tries included. Empty for a pipeline that this runner did not make. */
  jobs(pipelineId: number): readonly CiJob[] {
    return this.queue.jobs(pipelineId);
  }

  /** Ends a pipeline's jobs and keeps the others from starting. */
  cancel(pipelineId: number): Promise<void> {
    return this.queue.cancel(pipelineId);
  }

  /** Ends one job, or keeps it from starting. */
  cancelJob(jobId: number): Promise<void> {
    return this.queue.cancelJob(jobId);
  }

  /** Runs the failed and canceled jobs of a pipeline again. */
  retry(pipelineId: number): void {
    this.queue.retry(pipelineId);
  }

  /** Runs a job again that is over. Returns the job that takes its place; undefined when it cannot be run again. */
  retryJob(jobId: number): CiJob | undefined {
    return this.queue.retryJob(jobId);
  }

  /** Starts a manual or delayed job at once. Returns undefined for a job that waits for no one. */
  play(jobId: number, user: CiJob["user"], given: PipelineRequest["variables"] = []): CiJob | undefined {
    return this.queue.play(jobId, user, given);
  }

  /** What a job has written so far, its secrets masked. */
  trace(jobId: number): string {
    return readTrace(this.starter.traceOf(jobId));
  }

  /** The file behind one of a job's artifacts. */
  artifact(jobId: number, path: string): string {
    return join(this.starter.artifactsOf(jobId), path);
  }

  /** Says what is wrong with a CI file, without making a pipeline. */
  lint(request: LintRequest): Promise<LintResult> {
    return inScratch(join(this.options.folder, "plans"), (scratch) =>
      lintCiFile(request, this.host, scratch),
    );
  }

  /** Resolves when no job runs. Manual and delayed jobs are not waited for. */
  idle(): Promise<void> {
    return this.queue.idle();
  }

  /** Ends everything. */
  stop(): Promise<void> {
    return this.queue.stop();
  }

  private async plan(request: PipelineRequest, commit: CommitFacts): Promise<Plan> {
    const { project, sha, inputs, beforeSha = NO_COMMIT } = request;
    const draft = { iid: 0, ...this.draft(request) };
    const before = beforeSha !== NO_COMMIT && (await hasCommit(project.repository, beforeSha));
    const compared = commit.target?.baseSha ?? (before ? beforeSha : undefined);
    const others = [...this.visible(request, draft), ...request.variables].map(({ key, value }) => [
      key,
      value,
    ]);
    return inScratch(join(this.options.folder, "plans"), (scratch) =>
      planPipeline({
        scratch,
        repository: project.repository,
        url: project.url,
        ca: this.host.ca,
        sha,
        ciFile: project.ciConfigPath,
        projects: this.host.projects(),
        inputs,
        variables: {
          ...pipelineVariables(request, draft, commit, this.host),
          ...Object.fromEntries(others),
        },
        ...(compared !== undefined && { comparedSha: compared }),
      }),
    );
  }

  private visible(
    { project }: PipelineRequest,
    { protectedRef }: { readonly protectedRef: boolean },
  ): CiVariable[] {
    return visibleVariables(this.host.variables(project), { protectedRef });
  }

  private draft({ project, ref, source, mergeRequest, beforeSha = NO_COMMIT }: PipelineRequest) {
    return {
      createdAt: new Date().toISOString(),
      protectedRef: this.host.isProtected(project, mergeRequest?.sourceBranch ?? ref),
      beforeSha: source === "push" ? beforeSha : NO_COMMIT,
    };
  }

  private newPipeline(request: PipelineRequest, name?: string): CiPipeline {
    const { project, ref, tag = false, sha, source, user, mergeRequest } = request;
    const draft = this.draft(request);
    return {
      ...this.host.nextPipelineId(project),
      ...draft,
      projectId: project.id,
      ...(name !== undefined && { name }),
      ref,
      tag,
      sha,
      source,
      user,
      ...(mergeRequest && { mergeRequest }),
      status: "created",
      updatedAt: draft.createdAt,
    };
  }

  private withoutJobs(
    request: PipelineRequest,
    status: "skipped" | "failed",
    yamlErrors?: string,
  ): CiPipeline {
    const pipeline = this.newPipeline(request);
    pipeline.status = status;
    pipeline.finishedAt = pipeline.createdAt;
    if (yamlErrors !== undefined) pipeline.yamlErrors = yamlErrors;
    this.host.pipelineChanged(pipeline);
    return pipeline;
  }
}
