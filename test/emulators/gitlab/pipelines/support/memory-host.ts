import type {
  CiJob,
  CiPipeline,
  CiProject,
  CiVariable,
  PipelineHost,
} from "../../../../../sandbox/emulators/gitlab/pipelines/contract";
import type { ProcessMode } from "../../../../../sandbox/emulators/gitlab/pipelines/order/resource-queue";

/** The store's part for tests of the runner alone: tokens that name their job, and a record of every change. */
export class MemoryHost implements PipelineHost {
  readonly address = "https://127.0.0.1:13443";
  mode: ProcessMode = "unordered";
  list: CiVariable[] = [];
  known: Pick<CiProject, "url" | "repository">[] = [];
  protectedRefs: string[] = ["main"];
  /** `job name: status`, in the order in which they came. */
  readonly changes: string[] = [];
  readonly pipelineStatuses: string[] = [];
  /** Tokens that hold now. */
  readonly tokens = new Set<string>();
  private ids = 0;

  constructor(readonly ca: string) {}

  projects(): readonly Pick<CiProject, "url" | "repository">[] {
    return this.known;
  }

  nextPipelineId(): { id: number; iid: number } {
    this.ids += 1;
    return { id: 1_000 + this.ids, iid: this.ids };
  }

  nextJobId(): number {
    this.ids += 1;
    return this.ids;
  }

  variables(): readonly CiVariable[] {
    return this.list;
  }

  isProtected(_project: CiProject, ref: string): boolean {
    return this.protectedRefs.includes(ref);
  }

  resourceGroupMode(): ProcessMode {
    return this.mode;
  }

  jobToken(job: CiJob): string {
    const token = `glcbt-job-${job.id}`;
    this.tokens.add(token);
    return token;
  }

  revokeJobToken(job: CiJob): void {
    this.tokens.delete(`glcbt-job-${job.id}`);
  }

  async mintIdToken(job: CiJob, audience: string | readonly string[]): Promise<string> {
    return `id-token.${job.name}.${[audience].flat().join("+")}`;
  }

  pipelineChanged({ status }: CiPipeline): void {
    this.pipelineStatuses.push(status);
  }

  jobChanged({ name, status }: CiJob): void {
    const change = `${name}: ${status}`;
    if (this.changes.at(-1) !== change) this.changes.push(change);
  }
}

/** A variable with what a new one has in GitLab. */
export function variable(key: string, value: string, rest: Partial<CiVariable> = {}): CiVariable {
  const plain = { variableType: "env_var", protected: false, masked: false, raw: false } as const;
  return { key, value, ...plain, environmentScope: "*", ...rest };
}
