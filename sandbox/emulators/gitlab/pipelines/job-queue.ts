import type { CiJob, JobStatus, PipelineHost } from "./contract";
import type { JobOutcome } from "./job/job-run";
import type { JobStarter } from "./job-starter";
import { nextHolder } from "./order/resource-queue";
import type { JobEntry, PipelineRun } from "./pipeline-run";

const FINAL: readonly JobStatus[] = ["success", "failed", "canceled", "skipped"];

interface Found {
  readonly entry: JobEntry;
  readonly run: PipelineRun;
}

/** Moves the jobs of all pipelines on: by their order, their resource groups, and the number that may run at once. */
export class JobQueue {
  private readonly runs = new Map<number, PipelineRun>();
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly host: PipelineHost,
    private readonly starter: JobStarter,
    private readonly concurrency: number,
  ) {}

  /** The jobs of a pipeline, those that were run again included. */
  jobs(pipelineId: number): readonly CiJob[] {
    return this.runs.get(pipelineId)?.entries.map(({ job }) => job) ?? [];
  }

  add(run: PipelineRun): void {
    this.runs.set(run.pipeline.id, run);
    for (const { job } of run.entries) this.host.jobChanged(job);
    this.advance();
  }

  async cancel(pipelineId: number): Promise<void> {
    const entries = this.runs.get(pipelineId)?.latest ?? [];
    // Those that wait come first: none of them may begin because another has ended.
    const ends = entries.filter((entry) => this.drop(entry));
    await Promise.all(ends.map(endOf));
    this.advance();
  }

  async cancelJob(jobId: number): Promise<void> {
    const entry = this.find(jobId)?.entry;
    if (entry && this.drop(entry)) await endOf(entry);
    this.advance();
  }

  retry(pipelineId: number): void {
    for (const { job } of this.runs.get(pipelineId)?.latest ?? [])
      if (job.status === "failed" || job.status === "canceled") this.retryJob(job.id);
  }

  /** Returns the job that takes the place of one that is over; undefined when it cannot be run again. */
  retryJob(jobId: number): CiJob | undefined {
    const found = this.find(jobId);
    if (!found || found.entry.job.retried) return undefined;
    if (!["success", "failed", "canceled"].includes(found.entry.job.status)) return undefined;
    const entry = this.again(found, 0);
    this.reopen(found.run);
    this.enqueue(entry);
    this.advance();
    return entry.job;
  }

  /** Starts a manual or delayed job. Returns undefined for any other. */
  play(jobId: number, user: CiJob["user"], given: JobEntry["given"]): CiJob | undefined {
    const found = this.find(jobId);
    if (!found || !["manual", "scheduled"].includes(found.entry.job.status)) return undefined;
    const { entry, run } = found;
    clearTimeout(entry.timer);
    entry.given = given;
    entry.job.user = user;
    this.reopen(run);
    this.enqueue(entry);
    this.advance();
    return entry.job;
  }

  /** Resolves when no job runs. Manual and delayed jobs are not waited for. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.race(this.running);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.runs.keys()].map((id) => this.cancel(id)));
    await this.idle();
  }

  private find(jobId: number): Found | undefined {
    for (const run of this.runs.values()) {
      const entry = run.entries.find(({ job }) => job.id === jobId);
      if (entry) return { entry, run };
    }
    return undefined;
  }

  /** The only place where jobs come to start. */
  private advance(): void {
    for (const run of this.runs.values()) {
      let moved = true;
      while (moved) {
        const created = run.latest.filter(({ job }) => job.status === "created");
        moved = created.filter((entry) => this.take({ entry, run })).length > 0;
      }
    }
    this.handOutResources();
    this.startPending();
    for (const run of this.runs.values()) if (run.settle()) this.host.pipelineChanged(run.pipeline);
  }

  private take({ entry, run }: Found): boolean {
    const step = run.next(entry);
    if (step === "wait") return false;
    if (step === "skip") this.change(entry, "skipped");
    if (step === "ask") this.change(entry, "manual");
    if (step === "start") this.enqueue(entry);
    if (step === "delay") {
      this.change(entry, "scheduled");
      const start = () => this.play(entry.job.id, entry.job.user, []);
      entry.timer = setTimeout(start, entry.planned.startIn * 1_000);
    }
    return true;
  }

  /** Skipped jobs get another chance when a job before them is run again. */
  private reopen(run: PipelineRun): void {
    for (const entry of run.latest) if (entry.job.status === "skipped") this.change(entry, "created");
  }

  private enqueue(entry: JobEntry): void {
    this.change(entry, entry.job.resourceGroup === undefined ? "pending" : "waiting_for_resource");
  }

  private handOutResources(): void {
    const groups = new Map<string, { readonly run: PipelineRun; readonly entries: JobEntry[] }>();
    for (const run of this.runs.values()) {
      for (const entry of run.latest.filter(({ job }) => job.resourceGroup !== undefined)) {
        const key = `${entry.job.projectId} ${entry.job.resourceGroup}`;
        const group = groups.get(key);
        if (group) group.entries.push(entry);
        else groups.set(key, { run, entries: [entry] });
      }
    }
    for (const { run, entries } of groups.values()) {
      const mode = this.host.resourceGroupMode(run.request.project, entries[0]?.job.resourceGroup ?? "");
      const holder = nextHolder(
        entries.map(({ job }) => job),
        mode,
      );
      const entry = entries.find(({ job }) => job === holder);
      if (entry) this.change(entry, "pending");
    }
  }

  private startPending(): void {
    for (const run of this.runs.values()) {
      for (const entry of run.latest.filter(({ job }) => job.status === "pending")) {
        if (this.running.size >= this.concurrency) return;
        this.change(entry, "running");
        const work: Promise<void> = this.starter.run(entry, run).then((outcome) => {
          this.running.delete(work);
          this.finish({ entry, run }, outcome);
        });
        entry.work = work;
        this.running.add(work);
      }
    }
  }

  private finish(found: Found, outcome: JobOutcome): void {
    const { entry } = found;
    const { job, planned } = entry;
    job.artifacts = outcome.artifacts;
    if (outcome.failureReason !== undefined) job.failureReason = outcome.failureReason;
    if (outcome.exitCode !== undefined) job.exitCode = outcome.exitCode;
    if (typeof planned.allowFailure !== "boolean")
      job.allowFailure = planned.allowFailure.includes(outcome.exitCode ?? 0);
    this.change(entry, outcome.status);
    if (outcome.status === "failed" && this.triesLeft(entry))
      this.enqueue(this.again(found, entry.attempt + 1));
    this.advance();
  }

  private triesLeft({ attempt, job, planned }: JobEntry): boolean {
    const { max, when } = planned.retry;
    return attempt < max && (when.includes("always") || when.includes(job.failureReason ?? ""));
  }

  private again({ entry, run }: Found, attempt: number): JobEntry {
    entry.job.retried = true;
    this.host.jobChanged(entry.job);
    const next = run.add(entry.planned, this.host.nextJobId(), attempt);
    next.given = entry.given;
    next.job.user = entry.job.user;
    return next;
  }

  /** Takes a job that has not begun out of the queue. True for one that runs and has to be ended. */
  private drop(entry: JobEntry): boolean {
    clearTimeout(entry.timer);
    if (entry.job.status === "running") {
      entry.canceled = true;
      return true;
    }
    if (!FINAL.includes(entry.job.status)) this.change(entry, "canceled");
    return false;
  }

  private change(entry: JobEntry, status: JobStatus): void {
    const { job } = entry;
    job.status = status;
    const now = new Date().toISOString();
    if (status === "running") job.startedAt = now;
    if (FINAL.includes(status)) job.finishedAt = now;
    else delete job.finishedAt;
    this.host.jobChanged(job);
  }
}

async function endOf(entry: JobEntry): Promise<void> {
  await entry.run?.cancel();
  await entry.work;
}
