import { join } from "node:path";
import { messageOf } from "../../../processes/sandbox-error";
import type { CiVariable, PipelineHost } from "./contract";
import { reportedVariables } from "./job/artifacts";
import { type JobOutcome, JobRun } from "./job/job-run";
import { Trace } from "./job/trace";
import type { JobEntry, PipelineRun } from "./pipeline-run";
import type { VariableLayers } from "./variables/job-environment";
import { jobVariables } from "./variables/predefined";
import { visibleVariables } from "./variables/project-variables";

export interface JobFolders {
  /** Of running jobs. */
  readonly work: string;
  readonly traces: string;
  readonly artifacts: string;
}

/** Gives a job its tokens, variables and artifacts, and runs it. */
export class JobStarter {
  constructor(
    private readonly host: PipelineHost,
    private readonly folders: JobFolders,
    /** Of the jobs' processes, beside their variables. */
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  traceOf(jobId: number): string {
    return join(this.folders.traces, `${jobId}.log`);
  }

  artifactsOf(jobId: number): string {
    return join(this.folders.artifacts, String(jobId));
  }

  /** Runs a job to its end. Never rejects. Its job token holds exactly as long. */
  async run(entry: JobEntry, run: PipelineRun): Promise<JobOutcome> {
    const { job } = entry;
    const secrets: string[] = [];
    try {
      const token = this.host.jobToken(job);
      secrets.push(token);
      const layers = await this.layersOf(entry, run, token);
      const masked = layers.project.filter((variable) => variable.masked).map(({ value }) => value);
      if (entry.canceled) return { status: "canceled", artifacts: [] };
      entry.run = new JobRun({
        job,
        planned: entry.planned,
        request: run.request,
        layers,
        secrets: [...secrets, ...masked, ...Object.values(layers.idTokens)],
        archives: run.sourcesOf(entry).map((source) => ({
          folder: this.artifactsOf(source.job.id),
          files: source.job.artifacts,
        })),
        folder: join(this.folders.work, String(job.id)),
        artifacts: this.artifactsOf(job.id),
        trace: this.traceOf(job.id),
        ca: this.host.ca,
        environment: this.environment,
      });
      return await entry.run.outcome;
    } catch (error) {
      new Trace(this.traceOf(job.id), secrets).line(
        `ERROR: Job failed (system failure): ${messageOf(error)}`,
      );
      return { status: "failed", failureReason: "runner_system_failure", artifacts: [] };
    } finally {
      this.host.revokeJobToken(job);
    }
  }

  private async layersOf(entry: JobEntry, run: PipelineRun, token: string): Promise<VariableLayers> {
    const { job, planned, given } = entry;
    const { request, pipeline } = run;
    const predefined = {
      ...run.predefined,
      ...jobVariables(job, pipeline, planned, request.project, this.host, token),
    };
    const idTokens: Record<string, string> = {};
    for (const [name, audience] of Object.entries(planned.idTokens)) {
      const filled = [audience].flat().map((one) => run.fill(one, planned));
      idTokens[name] = await this.host.mintIdToken(
        job,
        typeof audience === "string" ? (filled[0] ?? "") : filled,
      );
    }
    const reports = run
      .sourcesOf(entry)
      .map((source) => reportedVariables(this.artifactsOf(source.job.id), source.job.artifacts));
    return {
      predefined,
      yaml: planned.variables,
      reported: Object.assign({}, ...reports) as Record<string, string>,
      project: this.visible(run, job.environment),
      given: [...request.variables, ...given],
      idTokens,
    };
  }

  private visible({ request, pipeline }: PipelineRun, environment: string | undefined): CiVariable[] {
    return visibleVariables(this.host.variables(request.project), {
      protectedRef: pipeline.protectedRef,
      ...(environment !== undefined && { environment }),
    });
  }
}
