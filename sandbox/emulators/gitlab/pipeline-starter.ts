import type { Access } from "./access/access";
import { type Json, type Project, ROLE, type Schedule, type Trigger, type User } from "./model";
import type { CiPipeline, PipelineRequest, PipelineSource } from "./pipelines/contract";
import { PipelineRefused } from "./pipelines/pipeline-refused";
import type { PipelineRunner } from "./pipelines/pipeline-runner";
import { Repository } from "./repository/repository";
import type { Directory } from "./store/directory";
import type { Store } from "./store/store";

/** A pipeline that somebody asks for by a ref. */
export interface PipelineAsk {
  readonly project: Project;
  readonly user: User;
  /** A branch or tag, with or without `refs/heads/`. */
  readonly ref: string;
  readonly source: PipelineSource;
  readonly variables?: PipelineRequest["variables"];
  /** Variables that GitLab itself adds, which need no right. */
  readonly ownVariables?: PipelineRequest["variables"];
  readonly inputs?: Readonly<Record<string, Json>>;
  readonly trigger?: Trigger;
  readonly schedule?: Schedule;
}

const OVERRIDES: Readonly<Record<string, number>> = {
  developer: ROLE.developer,
  maintainer: ROLE.maintainer,
  owner: ROLE.owner,
};
const MINUTE_MS = 60_000;

/** Starts pipelines for those who may. Throws PipelineRefused where GitLab answers 400. */
export class PipelineStarter {
  /** When pipelines were made, by project, user and commit. */
  private readonly recent = new Map<string, number[]>();

  /** @param perMinute pipelines a minute for one project, user and commit; 0 for any number. */
  constructor(
    private readonly store: Store,
    private readonly directory: Directory,
    private readonly access: Access,
    private readonly runner: PipelineRunner,
    private readonly perMinute: number,
  ) {}

  async start(ask: PipelineAsk): Promise<CiPipeline> {
    const { project, user, source, variables = [], ownVariables = [], inputs = {} } = ask;
    const { name, tag, sha } = await this.refOf(project, ask.ref);
    this.refuse(ask, name, tag, sha);
    const pipeline = await this.runner.create({
      project: this.directory.ciProject(project),
      ref: name,
      tag,
      sha,
      source,
      variables: [...variables, ...ownVariables],
      inputs,
      user: this.directory.ciUser(user),
      ...(ask.schedule && { schedule: { id: ask.schedule.id, description: ask.schedule.description } }),
      ...(ask.trigger && {
        triggerShortToken: ask.trigger.token.slice("glptt-".length, "glptt-".length + 4),
      }),
    });
    return pipeline;
  }

  /** Starts a schedule's pipeline, as its owner. */
  async runSchedule(schedule: Schedule): Promise<CiPipeline> {
    const project = this.directory.project(schedule.projectId);
    if (!project) throw new PipelineRefused("Reference not found", "request");
    const pipeline = await this.start({
      project,
      user: this.directory.user(schedule.ownerId),
      ref: schedule.ref,
      source: "schedule",
      // The schedule's own variables are its owner's, whatever the project lets others override.
      ownVariables: schedule.variables,
      inputs: Object.fromEntries(schedule.inputs.map(({ name, value }) => [name, value])),
      schedule,
    });
    schedule.lastPipelineId = pipeline.id;
    this.store.changed();
    return pipeline;
  }

  private async refOf(project: Project, ref: string): Promise<{ name: string; tag: boolean; sha: string }> {
    const refs = await new Repository(project.repository).refs();
    const branch = ref.replace(/^refs\/heads\//, "");
    const tag = ref.replace(/^refs\/tags\//, "");
    const ofBranch = ref.startsWith("refs/tags/") ? undefined : refs.get(`refs/heads/${branch}`);
    const sha = ofBranch ?? refs.get(`refs/tags/${tag}`);
    if (sha === undefined) throw new PipelineRefused("Reference not found", "request");
    return ofBranch === undefined ? { name: tag, tag: true, sha } : { name: branch, tag: false, sha };
  }

  private refuse(
    { project, user, source, variables = [] }: PipelineAsk,
    ref: string,
    tag: boolean,
    sha: string,
  ) {
    const role = this.access.roleIn(project, user);
    if (user.state !== "active" || project.archived || role < ROLE.developer)
      throw new PipelineRefused("Insufficient permissions to create a new pipeline", "request");
    const may =
      tag ||
      this.access.mayUpdate(project, user, ref, "push") ||
      this.access.mayUpdate(project, user, ref, "merge");
    if (!may)
      throw new PipelineRefused(
        `You do not have sufficient permission to run a pipeline on '${ref}'. Please select a different branch or contact your administrator for assistance.`,
        "request",
      );
    const least = OVERRIDES[String(project.settings.ci_pipeline_variables_minimum_override_role)];
    if (variables.length > 0 && (least === undefined || role < least))
      throw new PipelineRefused("Insufficient permissions to set pipeline variables", "request");
    if (source !== "schedule") this.count(`${project.id} ${user.id} ${sha}`);
  }

  private count(key: string): void {
    if (this.perMinute === 0) return;
    const now = Date.now();
    const times = (this.recent.get(key) ?? []).filter((time) => now - time < MINUTE_MS);
    if (times.length >= this.perMinute)
      throw new PipelineRefused("Too many pipelines created in the last minute. Try again later.", "request");
    this.recent.set(key, [...times, now]);
  }
}
