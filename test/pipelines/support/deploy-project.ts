import { readFileSync } from "node:fs";
import type { PipelineSource } from "../../../sandbox/emulators/gitlab/pipelines/contract";
import type { TestGitLab } from "../../emulators/gitlab/support/test-gitlab";
import type { JobName } from "./job-roles";

/** Number of the deploy repository's project. */
export const DEPLOY = 101;

/** What a job has left behind. */
export interface JobEnd {
  readonly status: string;
  readonly trace: string;
  /** By type and path: `codequality/gl-code-quality-report.json`. */
  readonly artifact: (path: string) => string;
}

/** The deploy project on a GitLab: starts its pipelines, and tells what became of their jobs. */
export class DeployProject {
  protected constructor(readonly server: TestGitLab) {}

  /** As the bot, a Maintainer. */
  get api() {
    return this.server.client(this.server.tokens.bot);
  }

  /** A pipeline that a trigger token starts. Resolves with its id. */
  async trigger(ref = "main", project = DEPLOY): Promise<number> {
    const { token } = await this.api.PipelineTriggerTokens.create(project, "relay");
    const body = { token, ref };
    const answer = await this.server.ask("POST", `/api/v4/projects/${project}/trigger/pipeline`, { body });
    const { id, message } = (await answer.json()) as { id?: number; message?: unknown };
    if (id === undefined) throw new Error(`GitLab refused: ${JSON.stringify(message)}`);
    return id;
  }

  /** A pipeline that a person starts by hand: "Run pipeline". Resolves with its id. */
  async runByHand(
    inputs: Readonly<Record<string, string>> = {},
    source: PipelineSource = "web",
  ): Promise<number> {
    const { directory, starter, access } = this.server.gitlab.core;
    const project = directory.project(DEPLOY);
    const user = access.callerOf(this.server.tokens.bot)?.user;
    if (!project || !user) throw new Error("the deploy project or its bot is not there");
    return (await starter.start({ project, user, ref: "main", source, inputs })).id;
  }

  /** Ids of a project's pipelines of this source, newest first. */
  pipelines(source: PipelineSource, project = DEPLOY, sha?: string): number[] {
    const { pipelines } = this.server.gitlab.core.store.tables;
    return pipelines
      .filter((one) => one.projectId === project && one.source === source && one.sha === (sha ?? one.sha))
      .map(({ id }) => id)
      .sort((one, other) => other - one);
  }

  /** Waits for all jobs. Resolves with those of a pipeline, by name. */
  async jobs(pipelineId: number, project = DEPLOY): Promise<Readonly<Record<string, JobEnd>>> {
    const { runner } = this.server.gitlab.core;
    await runner.idle();
    const jobs = await this.api.Jobs.all(project, { pipelineId });
    const ends = jobs.map(({ id, name, status }): [string, JobEnd] => [
      name,
      {
        status,
        trace: runner.trace(id),
        artifact: (path) => readFileSync(runner.artifact(id, path), "utf8"),
      },
    ]);
    return Object.fromEntries(ends);
  }

  /** The only job of a pipeline. @throws where there are others, or none. */
  async onlyJob(pipelineId: number, name: JobName, project = DEPLOY): Promise<JobEnd> {
    const jobs = await this.jobs(pipelineId, project);
    const job = jobs[`sopsloop-${name}`];
    if (!job || Object.keys(jobs).length > 1) throw new Error(`its jobs are ${Object.keys(jobs)}`);
    return job;
  }

  /** Settings that gitbeaker does not have so far. */
  async set(method: "PUT" | "POST" | "DELETE", path: string, body?: object): Promise<void> {
    const { bot } = this.server.tokens;
    const answer = await this.server.ask(method, `/api/v4/projects/${path}`, {
      token: bot,
      ...(body && { body }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
}
