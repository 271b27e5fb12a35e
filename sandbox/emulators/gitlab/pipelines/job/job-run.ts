import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../../../processes/sandbox-error";
import { spellSeconds } from "../config/duration";
import type { PlannedJob } from "../config/planned-job";
import type { ArtifactFile, CiJob, FailureReason, PipelineRequest } from "../contract";
import { ciFileText, type LocalRun, localArguments, variablesFile, withoutMadeUp } from "../gitlab-ci-local";
import { jobEnvironment, type VariableLayers } from "../variables/job-environment";
import { keepArtifacts, layArtifacts } from "./artifacts";
import { checkOut } from "./checkout";
import { readOutput } from "./job-output";
import { ProcessGroup } from "./process-group";
import { Trace } from "./trace";

export interface JobRunOptions {
  readonly job: CiJob;
  readonly planned: PlannedJob;
  readonly request: PipelineRequest;
  readonly layers: VariableLayers;
  /** What must not be read in the trace. */
  readonly secrets: readonly string[];
  /** The archives of earlier jobs. */
  readonly archives: readonly { readonly folder: string; readonly files: readonly ArtifactFile[] }[];
  /** New; holds all that the job writes, and is removed at the end. */
  readonly folder: string;
  /** Where its artifacts go. */
  readonly artifacts: string;
  readonly trace: string;
  /** A file with the CA of the remote. */
  readonly ca: string;
  /** What the job's processes get beside their variables: PATH at least. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface JobOutcome {
  readonly status: "success" | "failed" | "canceled";
  readonly failureReason?: FailureReason;
  readonly exitCode?: number;
  readonly artifacts: readonly ArtifactFile[];
}

/** A timer that is set for longer goes off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One job, run by gitlab-ci-local in a fresh clone. Starts when it is made. */
export class JobRun {
  /** Never rejects: what goes wrong around the script is a failure of the runner. */
  readonly outcome: Promise<JobOutcome>;
  private readonly trace: Trace;
  private group: ProcessGroup | undefined;
  private ending: "canceled" | "timeout" | undefined;

  constructor(private readonly options: JobRunOptions) {
    this.trace = new Trace(options.trace, options.secrets);
    this.outcome = this.run().finally(() => rmSync(options.folder, { recursive: true, force: true }));
  }

  /** Ends the job's processes. */
  async cancel(): Promise<void> {
    this.ending ??= "canceled";
    await this.group?.stop();
    await this.outcome;
  }

  private async run(): Promise<JobOutcome> {
    try {
      const tree = await this.prepare();
      const result = await this.runScript(tree);
      const artifacts = await this.keep(tree, result.status === "success");
      return { ...result, artifacts };
    } catch (error) {
      if (this.ending === "canceled") return this.canceled();
      this.trace.line(`ERROR: Job failed (system failure): ${messageOf(error)}`);
      return { status: "failed", failureReason: "runner_system_failure", artifacts: [] };
    }
  }

  private async prepare(): Promise<string> {
    const { request, folder, planned, layers, archives, ca } = this.options;
    const { project, sha, ref } = request;
    const tree = join(folder, "builds", project.path);
    for (const name of ["home", "tmp"]) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    this.trace.line("Running with gitlab-ci-local for the GitLab emulator");
    this.trace.line("Getting source from Git repository");
    const branch = request.tag || request.mergeRequest ? undefined : ref;
    const depth = Number(planned.variables.GIT_DEPTH ?? layers.predefined.GIT_DEPTH ?? 20);
    await checkOut({
      folder: tree,
      repository: project.repository,
      sha,
      ...(branch !== undefined && { branch }),
      url: project.url,
      ca,
      depth: Number.isFinite(depth) ? depth : 20,
    });
    this.trace.line(`Checking out ${sha.slice(0, 8)} as detached HEAD (ref is ${ref})...`);
    for (const archive of archives) layArtifacts(archive.folder, archive.files, tree);
    return tree;
  }

  private async runScript(tree: string): Promise<Omit<JobOutcome, "artifacts">> {
    const { job, folder, environment } = this.options;
    if (this.ending) return this.canceled();
    const local = this.writeFiles(tree);
    this.trace.line('Executing "step_script" stage of the job script');
    let exitCode: number | undefined;
    const own: string[] = [];
    this.group = new ProcessGroup({
      file: process.execPath,
      args: localArguments(local.run, ...local.flags, job.name),
      cwd: tree,
      env: {
        LANG: "C.UTF-8",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_TERMINAL_PROMPT: "0",
        ...environment,
        HOME: join(folder, "home"),
        TMPDIR: join(folder, "tmp"),
      },
      onLine: (line, stream) => {
        const output = readOutput(line, job.name);
        if (output.kind === "log") this.trace.line(output.text);
        else if (output.kind === "exit") exitCode = output.code;
        else if (stream === "stderr") own.push(output.text);
      },
    });
    const timer = setTimeout(
      () => {
        this.ending ??= "timeout";
        void this.group?.stop();
      },
      Math.min(job.timeout * 1_000, LONGEST_TIMER_MS),
    );
    const code = await this.group.ended;
    clearTimeout(timer);
    if (this.ending === "canceled") return this.canceled();
    if (this.ending === "timeout") {
      this.trace.line(`ERROR: Job failed: execution took longer than ${spellSeconds(job.timeout)} seconds`);
      return { status: "failed", failureReason: "job_execution_timeout" };
    }
    if (code === 0) {
      this.trace.line("Job succeeded");
      return { status: "success", exitCode: 0 };
    }
    if (exitCode === undefined) throw new Error(own.join(" ").slice(-500));
    this.trace.line(`ERROR: Job failed: exit status ${exitCode}`);
    return { status: "failed", failureReason: "script_failure", exitCode };
  }

  /** Secrets go into files of this job's own folder, 0600, and from there into the environment. */
  private writeFiles(tree: string): { readonly run: LocalRun; readonly flags: readonly string[] } {
    const { folder, planned, layers } = this.options;
    const run: LocalRun = {
      tree,
      file: join(folder, "job.json"),
      variables: join(folder, "variables.json"),
      state: join(folder, "state"),
      home: join(folder, "home"),
    };
    const places = { CI_PROJECT_DIR: tree, CI_BUILDS_DIR: join(folder, "builds") };
    const predefined = { ...layers.predefined, ...places };
    const values = jobEnvironment({ ...layers, predefined }, `${tree}.tmp`);
    writeFileSync(run.variables, variablesFile(values), { mode: 0o600 });
    const definition = { ...planned.script, variables: planned.variables };
    writeFileSync(run.file, ciFileText({ stages: [planned.stage], [planned.baseName]: definition }), {
      mode: 0o600,
    });
    const flags = ["--force-shell-executor", "--no-artifacts-to-source", "--no-json-schema-validation"];
    return { run, flags: [...flags, ...withoutMadeUp(values)] };
  }

  private async keep(tree: string, succeeded: boolean): Promise<ArtifactFile[]> {
    const { planned, artifacts, layers } = this.options;
    const filling = { ...layers.predefined, ...planned.variables, CI_PROJECT_DIR: tree };
    return keepArtifacts(tree, artifacts, planned.artifacts, succeeded, filling);
  }

  private canceled(): JobOutcome {
    this.trace.line("ERROR: Job failed: canceled");
    return { status: "canceled", artifacts: [] };
  }
}
