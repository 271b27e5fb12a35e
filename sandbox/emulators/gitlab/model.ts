import type { CiJob, CiPipeline, CiVariable } from "./pipelines/contract";
import type { ProcessMode } from "./pipelines/order/resource-queue";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** GitLab's numbers for the roles. */
export const ROLE = { none: 0, reporter: 20, developer: 30, maintainer: 40, owner: 50, admin: 60 } as const;

export interface User {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly admin: boolean;
  readonly bot: boolean;
  state: "active" | "blocked";
}

/** A personal or project access token. The token itself is told once; here is its SHA-256. */
export interface AccessToken {
  readonly id: number;
  readonly digest: string;
  readonly userId: number;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Of a project access token: the project, and the day from which it holds no more. */
  readonly projectId?: number;
  readonly expiresAt?: string;
}

export interface Group {
  readonly id: number;
  readonly path: string;
}

export interface Project {
  readonly id: number;
  groupId: number;
  name: string;
  path: string;
  readonly createdAt: string;
  /** The bare repository on disk. */
  readonly repository: string;
  archived: boolean;
  /** Project and group ids whose jobs may reach it by their job token, itself included. */
  readonly jobTokenProjects: number[];
  readonly jobTokenGroups: number[];
  jobTokenScope: boolean;
  /** Everything that `PUT /projects/:id` sets, by the API's names. */
  settings: Record<string, Json>;
}

export interface Member {
  readonly projectId: number;
  readonly userId: number;
  accessLevel: number;
}

export interface Trigger {
  readonly id: number;
  readonly projectId: number;
  readonly ownerId: number;
  readonly token: string;
  readonly createdAt: string;
  description: string;
  updatedAt: string;
  lastUsed: string | null;
}

export interface ScheduleVariable {
  readonly key: string;
  value: string;
  variableType: "env_var" | "file";
}

export interface Schedule {
  readonly id: number;
  readonly projectId: number;
  readonly createdAt: string;
  ownerId: number;
  description: string;
  /** In full: `refs/heads/main`. */
  ref: string;
  cron: string;
  cronTimezone: string;
  active: boolean;
  updatedAt: string;
  nextRunAt: string;
  lastPipelineId: number | null;
  variables: ScheduleVariable[];
  inputs: { name: string; value: Json }[];
}

export interface Variable extends CiVariable {
  readonly projectId: number;
  readonly hidden: boolean;
  readonly description: string | null;
}

export interface Hook {
  readonly id: number;
  readonly projectId: number;
  readonly createdAt: string;
  /** By the API's names; `token` and the values of headers and URL variables are never told. */
  settings: Record<string, Json>;
}

/** One attempt to deliver an event. Nothing secret is kept of it. */
export interface Delivery {
  readonly id: number;
  readonly hookId: number;
  readonly trigger: string;
  readonly at: string;
  /** Status of the answer as text, or what kept the request from being sent. */
  readonly status: string;
}

export interface AccessEntry {
  readonly id: number;
  readonly accessLevel: number;
  readonly userId: number | null;
  readonly groupId: number | null;
  readonly deployKeyId: number | null;
}

export interface ProtectedBranch {
  readonly id: number;
  readonly projectId: number;
  /** A name, or a name with `*` in it. */
  readonly name: string;
  allowForcePush: boolean;
  codeOwnerApproval: boolean;
  push: AccessEntry[];
  merge: AccessEntry[];
  unprotect: AccessEntry[];
}

export interface DeployKey {
  readonly id: number;
  readonly projectId: number;
  readonly title: string;
  readonly key: string;
  readonly canPush: boolean;
  readonly expiresAt: string | null;
  readonly createdAt: string;
}

export interface MergeRequest {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  readonly authorId: number;
  readonly sourceBranch: string;
  targetBranch: string;
  readonly createdAt: string;
  title: string;
  description: string;
  labels: string[];
  state: "opened" | "closed" | "merged";
  sha: string;
  mergeCommitSha: string | null;
  updatedAt: string;
}

export interface Note {
  readonly id: number;
  readonly projectId: number;
  readonly mergeRequestIid: number;
  readonly authorId: number;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
}

export interface ResourceGroup {
  readonly id: number;
  readonly projectId: number;
  readonly key: string;
  processMode: ProcessMode;
}

/** Everything that GitLab remembers. */
export interface Tables {
  users: User[];
  tokens: AccessToken[];
  groups: Group[];
  projects: Project[];
  members: Member[];
  triggers: Trigger[];
  schedules: Schedule[];
  variables: Variable[];
  hooks: Hook[];
  deliveries: Delivery[];
  protectedBranches: ProtectedBranch[];
  deployKeys: DeployKey[];
  mergeRequests: MergeRequest[];
  notes: Note[];
  resourceGroups: ResourceGroup[];
  pipelines: CiPipeline[];
  jobs: CiJob[];
}
