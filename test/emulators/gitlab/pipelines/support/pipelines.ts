import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CiJob, PipelineRequest } from "../../../../../sandbox/emulators/gitlab/pipelines/contract";
import {
  PipelineRunner,
  type RunnerOptions,
} from "../../../../../sandbox/emulators/gitlab/pipelines/pipeline-runner";
import { ensureRsync } from "../../../../../sandbox/emulators/gitlab/pipelines/rsync";
import { MemoryHost } from "./memory-host";
import { TestProject } from "./project";

export const ADA = { id: 7, username: "ada", name: "Ada Example", email: "ada@example.com" };

/** A project, a runner and what it tells the store. */
export class Pipelines {
  private constructor(
    private readonly root: string,
    readonly repository: TestProject,
    readonly host: MemoryHost,
    readonly runner: PipelineRunner,
  ) {}

  static async start(options: Partial<RunnerOptions> = {}): Promise<Pipelines> {
    await ensureRsync();
    const root = mkdtempSync(join(tmpdir(), "sopsloop-pipelines-"));
    const ca = join(root, "ca.pem");
    writeFileSync(ca, "");
    const host = new MemoryHost(ca);
    const repository = await TestProject.create(root);
    const folder = join(root, "runner");
    const runner = new PipelineRunner(host, { folder, path: process.env.PATH ?? "", ...options });
    return new Pipelines(root, repository, host, runner);
  }

  /** A new folder that goes with the rest. */
  folder(name: string): string {
    const folder = join(this.root, name);
    mkdirSync(folder);
    return folder;
  }

  /** Where new pipelines are planned. */
  get plans(): string {
    return join(this.root, "runner", "plans");
  }

  /** Where jobs have their clones while they run. */
  get work(): string {
    return join(this.root, "runner", "jobs");
  }

  /** A request for the tip of `main`, by a trigger unless said otherwise. */
  request(sha: string, rest: Partial<PipelineRequest> = {}): PipelineRequest {
    const { project } = this.repository;
    return { project, ref: "main", sha, source: "trigger", variables: [], inputs: {}, user: ADA, ...rest };
  }

  /** The newest job with a name. */
  job(pipelineId: number, name: string): CiJob {
    const job = this.runner.jobs(pipelineId).findLast((candidate) => candidate.name === name);
    if (!job) throw new Error(`the pipeline has no job ${name}`);
    return job;
  }

  /** The output of a job's newest run, by name. */
  trace(pipelineId: number, name: string): string {
    return this.runner.trace(this.job(pipelineId, name).id);
  }

  async stop(): Promise<void> {
    await this.runner.stop();
    rmSync(this.root, { recursive: true, force: true });
  }
}
