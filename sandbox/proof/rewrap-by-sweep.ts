import { SandboxError } from "../processes/sandbox-error";
import { until } from "../processes/until";
import { GitLabApi } from "../servers/gitlab-api";
import { PROJECTS } from "../servers/gitlab-server";
import type { Layout } from "../servers/layout";
import { AuditLog } from "./audit-log";
import type { DeployClone } from "./deploy-clone";
import type { FluxState } from "./flux-state";
import { Pipelines } from "./pipelines";
import type { Rewrap } from "./rewrap-by-hand";

/** The schedule that looks for stale files. */
export interface Sweep {
  /** Its number within GitLab. */
  readonly schedule: number;
  /** Mount of Vault's auth method for GitLab. */
  readonly authPath: string;
  /** Vault's role of the job. */
  readonly role: string;
}

const DELIVERY_MS = 60_000;

/** Plays the schedule: its job logs in by its ID token, rewraps and pushes; GitLab's hook tells Flux. Nobody asks Flux to look. */
export async function rewrapBySweep(
  layout: Layout,
  { schedule, authPath, role }: Sweep,
  flux: FluxState,
  clone: DeployClone,
): Promise<Rewrap> {
  const audit = AuditLog.fromNow(layout.vault.audit);
  const gitlab = GitLabApi.bot(layout);
  try {
    const pipelines = new Pipelines(gitlab, PROJECTS.deploy);
    const pipeline = await pipelines.play(schedule);
    await pipelines.success(pipeline);
    const before = await clone.head();
    const commit = await clone.pull();
    if (commit === before)
      throw new SandboxError(`pipeline ${pipeline} succeeded and pushed nothing, although files were stale`);
    await until(async () => ((await flux.hasApplied(commit)) ? true : undefined), {
      what: "Flux to apply the rewrapped files, told by GitLab's hook",
      timeoutMs: DELIVERY_MS,
      hint: () => flux.explain(),
    });
    audit.jobLogin(authPath, role);
    return {
      commit,
      line: `the sweep's job (pipeline ${pipeline}), logged in by its ID token as ${role}, which cannot decrypt: commit ${commit.slice(0, 10)}`,
    };
  } finally {
    await gitlab.close();
  }
}
