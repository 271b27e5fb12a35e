import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../sandbox/processes/run";
import { Pipelines } from "../../../sandbox/proof/pipelines";
import { PLAIN_GIT } from "../../../sandbox/servers/environment";
import type { GitLabApi } from "../../../sandbox/servers/gitlab-api";
import type { Loop } from "./loop";

/** A job of somebody's own making, on a branch of its own history. */
export interface SomebodysJob {
  /** Full path, such as `platform/app`. */
  readonly project: string;
  /** The project's number. */
  readonly id: number;
  readonly branch: string;
  /** Text by path; `.gitlab-ci.yml` has one job. */
  readonly files: Readonly<Record<string, string>>;
  /** Starts the pipeline and resolves with its number; absent: the push itself does. */
  readonly start?: (() => Promise<number>) | undefined;
}

/** Pushes the files, waits for the job to succeed, and resolves with its trace. */
export async function traceOf(job: SomebodysJob, loop: Loop, gitlab: GitLabApi): Promise<string> {
  const pipelines = new Pipelines(gitlab, job.id);
  const last = await pipelines.newest("push");
  await push(job, loop);
  const pipeline = job.start ? await job.start() : await pipelines.after(last, "push");
  await pipelines.success(pipeline);
  const [ran] = await gitlab.client.Jobs.all(job.id, { pipelineId: pipeline });
  return ran ? gitlab.client.Jobs.showLog(job.id, ran.id) : "";
}

async function push({ project, branch, files, start }: SomebodysJob, loop: Loop): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-catcher-"));
  const env = { ...loop.gitEnv(), ...PLAIN_GIT };
  const git = (...words: string[]) => run("git", words, { cwd: folder, env });
  try {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    await git("init", "--quiet", `--initial-branch=${branch}`);
    await git("add", "--all");
    await git("commit", "--quiet", `--message=Try it${start ? " [skip ci]" : ""}`);
    const address = `${loop.layout.gitlab.address}/${project}.git`;
    await git("push", "--quiet", "--force", address, `HEAD:${branch}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
