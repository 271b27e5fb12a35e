import { SandboxError } from "../processes/sandbox-error";
import { until } from "../processes/until";
import type { GitLabApi } from "../servers/gitlab-api";

/** How a pipeline came to be. */
export type Source = "push" | "pipeline" | "schedule" | "trigger" | "merge_request_event";

const PIPELINE_MS = 120_000;
const ENDED = new Set(["success", "failed", "canceled", "skipped"]);
const TRACE_LINES = 12;

/** Pipelines of one project, followed as a person would. */
export class Pipelines {
  constructor(
    private readonly api: GitLabApi,
    /** The project's number. */
    private readonly project: number,
  ) {}

  /** Number of the newest pipeline; 0 where there is none. */
  async newest(source: Source): Promise<number> {
    return Math.max(0, ...(await this.all(source)));
  }

  /** Numbers of all of them. */
  async all(source: Source): Promise<number[]> {
    return (await this.of(source)).map(({ id }) => id);
  }

  /** Waits for a pipeline that is newer than `last`. */
  after(last: number, source: Source): Promise<number> {
    const newer = async () => (await this.all(source)).find((id) => id > last);
    return until(newer, {
      what: `a pipeline by ${source} of project ${this.project}`,
      timeoutMs: PIPELINE_MS,
    });
  }

  /** Has a schedule run now. Resolves with the pipeline's number. */
  async play(schedule: number): Promise<number> {
    const last = await this.newest("schedule");
    await this.api.client.PipelineSchedules.run(this.project, schedule);
    return this.after(last, "schedule");
  }

  /** Waits for the end. Rejects with the last lines of the job that failed. */
  async success(pipeline: number): Promise<void> {
    const ended = async () => {
      const { status } = await this.api.client.Pipelines.show(this.project, pipeline);
      return ENDED.has(status) ? status : undefined;
    };
    const what = `pipeline ${pipeline} of project ${this.project} to end`;
    const status = await until(ended, { what, timeoutMs: PIPELINE_MS });
    if (status === "success") return;
    const jobs = await this.api.client.Jobs.all(this.project, { pipelineId: pipeline });
    const failed = jobs.find((job) => job.status === "failed") ?? jobs[0];
    const trace = failed ? await this.api.client.Jobs.showLog(this.project, failed.id) : "it has no job";
    const tail = trace.trimEnd().split("\n").slice(-TRACE_LINES).join("\n");
    throw new SandboxError(
      `pipeline ${pipeline} of project ${this.project}: ${status}${failed ? `, job ${failed.name}` : ""}:\n${tail}`,
    );
  }

  private of(source: Source) {
    return this.api.client.Pipelines.all(this.project, { source });
  }
}
