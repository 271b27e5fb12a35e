import type { Access } from "./access/access";
import { ROLE } from "./model";
import type { Issuer } from "./oidc/issuer";
import { jobClaims, lifetimeOf } from "./oidc/job-claims";
import type { CiJob, CiPipeline, CiProject, CiVariable, PipelineHost } from "./pipelines/contract";
import type { ProcessMode } from "./pipelines/order/resource-queue";
import type { Directory } from "./store/directory";
import type { Store } from "./store/store";

const PIPELINES_KEPT = 200;

/** What the pipelines' room asks of the store, and what it tells. */
export class StoredPipelineHost implements PipelineHost {
  constructor(
    readonly address: string,
    readonly ca: string,
    private readonly store: Store,
    private readonly directory: Directory,
    private readonly access: Access,
    private readonly issuer: Issuer,
  ) {}

  projects(): readonly Pick<CiProject, "url" | "repository">[] {
    return this.store.tables.projects.map((project) => this.directory.ciProject(project));
  }

  nextPipelineId({ id }: CiProject): { id: number; iid: number } {
    const iids = this.store.tables.pipelines
      .filter(({ projectId }) => projectId === id)
      .map(({ iid }) => iid);
    return { id: this.store.nextId(), iid: Math.max(0, ...iids) + 1 };
  }

  nextJobId(): number {
    return this.store.nextId();
  }

  variables({ id }: CiProject): readonly CiVariable[] {
    return this.store.tables.variables.filter(({ projectId }) => projectId === id);
  }

  isProtected({ id }: CiProject, ref: string): boolean {
    const project = this.directory.project(id);
    return project !== undefined && this.access.protections(project, ref).length > 0;
  }

  /** A resource group comes to be when it is first used. */
  resourceGroupMode({ id: projectId }: CiProject, key: string): ProcessMode {
    const { resourceGroups } = this.store.tables;
    const found = resourceGroups.find((group) => group.projectId === projectId && group.key === key);
    if (found) return found.processMode;
    const initial = this.directory.project(projectId)?.settings.resource_group_default_process_mode;
    const processMode = (initial ?? "unordered") as ProcessMode;
    resourceGroups.push({ id: this.store.nextId(), projectId, key, processMode });
    this.store.changed();
    return processMode;
  }

  jobToken(job: CiJob): string {
    return this.access.jobToken(job);
  }

  revokeJobToken(job: CiJob): void {
    this.access.revokeJobToken(job);
  }

  mintIdToken(job: CiJob, audience: string | readonly string[]): Promise<string> {
    const project = this.directory.project(job.projectId);
    const pipeline = this.store.tables.pipelines.find(({ id }) => id === job.pipelineId);
    if (!project || !pipeline) throw new Error(`job ${job.id} has no project or no pipeline`);
    const user = this.directory.user(job.user.id);
    const level = this.access.roleIn(project, user);
    const claims = jobClaims({
      job,
      pipeline,
      project,
      group: this.directory.group(project.groupId),
      user,
      role: roleName(level),
      host: new URL(this.address).host,
    });
    return this.issuer.sign(claims, audience, lifetimeOf(job));
  }

  pipelineChanged(pipeline: CiPipeline): void {
    const { pipelines } = this.store.tables;
    if (!pipelines.includes(pipeline)) pipelines.push(pipeline);
    this.forgetOldest();
    this.store.changed();
  }

  jobChanged(job: CiJob): void {
    const { jobs } = this.store.tables;
    if (!jobs.includes(job)) jobs.push(job);
    this.store.changed();
  }

  private forgetOldest(): void {
    const { pipelines, jobs } = this.store.tables;
    const gone = pipelines.splice(0, Math.max(0, pipelines.length - PIPELINES_KEPT)).map(({ id }) => id);
    if (gone.length > 0) this.store.tables.jobs = jobs.filter(({ pipelineId }) => !gone.includes(pipelineId));
  }
}

function roleName(level: number): string {
  if (level >= ROLE.owner) return "owner";
  if (level >= ROLE.maintainer) return "maintainer";
  if (level >= ROLE.developer) return "developer";
  return level >= ROLE.reporter ? "reporter" : "guest";
}
