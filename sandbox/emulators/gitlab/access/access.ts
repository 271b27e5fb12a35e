import { type AccessEntry, type Project, type ProtectedBranch, ROLE, type User } from "../model";
import type { CiJob } from "../pipelines/contract";
import type { Store } from "../store/store";
import { digestOf, newJobToken } from "./secrets";

/** Who asks. */
export interface Caller {
  readonly user: User;
  readonly scopes: readonly string[];
  /** Set where a job's token is shown: the job acts as its user, but may do less. */
  readonly job?: CiJob;
}

const UPDATING = ["api", "write_repository"];

/** Who holds a token, and what they may do. */
export class Access {
  /** Job tokens that hold now. */
  private readonly jobs = new Map<string, CiJob>();

  constructor(private readonly store: Store) {}

  /** Undefined for a token that does not hold, or holds no more. */
  callerOf(token: string): Caller | undefined {
    const { users, tokens } = this.store.tables;
    const job = this.jobs.get(digestOf(token));
    const held = tokens.find(({ digest }) => digest === digestOf(token));
    if (held?.expiresAt !== undefined && Date.parse(held.expiresAt) <= Date.now()) return undefined;
    const userId = job?.user.id ?? held?.userId;
    const user = users.find(({ id }) => id === userId);
    if (user === undefined || user.state !== "active") return undefined;
    if (job) return { user, scopes: [], job };
    return { user, scopes: held?.scopes ?? [] };
  }

  jobToken(job: CiJob): string {
    const token = newJobToken();
    this.jobs.set(digestOf(token), job);
    return token;
  }

  revokeJobToken(job: CiJob): void {
    for (const [digest, one] of this.jobs) if (one.id === job.id) this.jobs.delete(digest);
  }

  /** The user's role in a project as a number; 0 for none. */
  roleIn(project: Project, user: User): number {
    if (user.admin) return ROLE.admin;
    const member = this.store.tables.members.find(
      ({ projectId, userId }) => projectId === project.id && userId === user.id,
    );
    return member?.accessLevel ?? ROLE.none;
  }

  mayFetch(project: Project, caller: Caller): boolean {
    if (this.roleIn(project, caller.user) < ROLE.reporter) return project.settings.visibility === "public";
    const { job } = caller;
    if (job === undefined) return [...UPDATING, "read_repository"].some((one) => caller.scopes.includes(one));
    return this.letsJobIn(project, job);
  }

  /** Whether this caller may push at all; which branches is for `pushRefusal`. */
  mayPush(project: Project, caller: Caller): boolean {
    if (project.archived || this.roleIn(project, caller.user) < ROLE.developer) return false;
    if (caller.job === undefined) return UPDATING.some((one) => caller.scopes.includes(one));
    return (
      caller.job.projectId === project.id &&
      project.settings.ci_push_repository_for_job_token_allowed === true
    );
  }

  /** Whether a project takes the job token of this job. */
  letsJobIn(project: Project, job: CiJob): boolean {
    if (!project.jobTokenScope || project.id === job.projectId) return true;
    const from = this.store.tables.projects.find(({ id }) => id === job.projectId);
    return (
      project.jobTokenProjects.includes(job.projectId) ||
      (from !== undefined && project.jobTokenGroups.includes(from.groupId))
    );
  }

  protections(project: Project, branch: string): readonly ProtectedBranch[] {
    return this.store.tables.protectedBranches.filter(
      ({ projectId, name }) => projectId === project.id && matches(name, branch),
    );
  }

  /** Whether the protection of a branch lets this user push to it (or merge into it). */
  mayUpdate(project: Project, user: User, branch: string, how: "push" | "merge" = "push"): boolean {
    const rules = this.protections(project, branch);
    if (rules.length === 0) return this.roleIn(project, user) >= ROLE.developer;
    return rules.some((rule) => rule[how].some((entry) => this.admits(entry, project, user)));
  }

  private admits({ accessLevel, userId, groupId, deployKeyId }: AccessEntry, project: Project, user: User) {
    if (userId !== null) return userId === user.id;
    if (groupId !== null || deployKeyId !== null) return false;
    return accessLevel > 0 && this.roleIn(project, user) >= accessLevel;
  }
}

/** `*` in the name of a protected branch stands for anything. */
export function matches(pattern: string, branch: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`).test(branch);
}
