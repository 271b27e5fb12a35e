import type { Plan } from "./config/plan";
import type { PlannedJob } from "./config/planned-job";
import type { CiJob, CiPipeline, CiVariable, JobStatus, PipelineRequest } from "./contract";
import type { JobRun } from "./job/job-run";
import { compositeStatus } from "./order/composite-status";
import { beforeOf, type NextStep, nextStep, type OrderedJob } from "./order/next-step";
import { filledIn } from "./variables/job-environment";

/** A job with what it takes to run it. */
export interface JobEntry {
  readonly job: CiJob;
  readonly planned: PlannedJob;
  /** Runs of this job before this one. */
  readonly attempt: number;
  /** Variables that whoever started a manual job has given. */
  given: readonly Pick<CiVariable, "key" | "value" | "variableType">[];
  /** Set once it has to end: its tokens may still be under way. */
  canceled: boolean;
  run?: JobRun;
  /** Resolves when it is over. */
  work?: Promise<void>;
  /** Of a delayed job. */
  timer?: NodeJS.Timeout;
}

const BEGUN: readonly JobStatus[] = ["running", "success", "failed"];
const OVER: readonly JobStatus[] = ["success", "failed", "canceled", "skipped"];

/** One pipeline: its jobs, and how they follow each other. */
export class PipelineRun {
  readonly entries: JobEntry[] = [];

  constructor(
    readonly pipeline: CiPipeline,
    readonly request: PipelineRequest,
    readonly plan: Pick<Plan, "stages">,
    /** What every job of it is told. */
    readonly predefined: Readonly<Record<string, string>>,
    /** The project's variables when the pipeline was made are not kept: a job sees those of its start. */
    private readonly visible: (environment: string | undefined) => readonly CiVariable[],
  ) {}

  /** Jobs that no newer one has taken the place of. */
  get latest(): JobEntry[] {
    return this.entries.filter(({ job }) => !job.retried);
  }

  /** Adds a job that has not begun. */
  add(planned: PlannedJob, id: number, attempt = 0): JobEntry {
    const { project, user } = this.request;
    const environment = planned.environment && this.fill(planned.environment.name, planned);
    const entry: JobEntry = {
      planned,
      attempt,
      given: [],
      canceled: false,
      job: {
        id,
        pipelineId: this.pipeline.id,
        projectId: project.id,
        name: planned.name,
        stage: planned.stage,
        when: planned.when,
        allowFailure: planned.allowFailure === true,
        ...(environment !== undefined && { environment }),
        ...(planned.environment && { environmentAction: planned.environment.action }),
        ...(planned.resourceGroup !== undefined && {
          resourceGroup: this.fill(planned.resourceGroup, planned),
        }),
        timeout: planned.timeout ?? project.buildTimeout,
        ownTimeout: planned.timeout !== undefined,
        tags: planned.tags,
        createdAt: new Date().toISOString(),
        status: "created",
        retried: false,
        artifacts: [],
        user,
      },
    };
    this.entries.push(entry);
    return entry;
  }

  /** What to do with a created job now. */
  next(entry: JobEntry): NextStep {
    return nextStep(orderOf(entry), this.latest.map(orderOf), this.plan.stages);
  }

  /** Jobs whose artifacts this one gets. */
  sourcesOf({ planned }: JobEntry): JobEntry[] {
    const { artifactsFrom } = planned;
    if (artifactsFrom) return this.latest.filter((entry) => artifactsFrom.includes(entry.planned.baseName));
    const { needs: _needs, ...byStage } = planned;
    const earlier = beforeOf(
      { ...byStage, status: "created", allowFailure: false },
      this.ordered(),
      this.plan.stages,
    );
    return this.latest.filter(({ job }) => earlier.some(({ name }) => name === job.name));
  }

  /** Brings the pipeline's own status up to its jobs'. True when it has changed. */
  settle(): boolean {
    const { pipeline } = this;
    const jobs = this.latest.map(({ job }) => job);
    const status = compositeStatus(jobs) ?? pipeline.status;
    if (status === pipeline.status) return false;
    const now = new Date().toISOString();
    pipeline.status = status;
    pipeline.updatedAt = now;
    if (pipeline.startedAt === undefined && jobs.some((job) => BEGUN.includes(job.status)))
      pipeline.startedAt = now;
    if (OVER.includes(status)) pipeline.finishedAt = now;
    else delete pipeline.finishedAt;
    return true;
  }

  /** A text of the CI file with a job's variables filled in. */
  fill(text: string, planned: PlannedJob): string {
    const project = this.visible(undefined);
    return filledIn(text, {
      predefined: { ...this.predefined, CI_JOB_NAME: planned.name, CI_JOB_STAGE: planned.stage },
      yaml: planned.variables,
      project,
      given: this.request.variables,
    });
  }

  private ordered(): OrderedJob[] {
    return this.latest.map(orderOf);
  }
}

function orderOf({ job, planned }: JobEntry): OrderedJob {
  return { ...planned, status: job.status, allowFailure: job.allowFailure };
}
