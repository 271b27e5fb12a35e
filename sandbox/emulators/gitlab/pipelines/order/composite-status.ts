import type { JobStatus } from "../contract";

/** The part of a job that counts for the jobs and the pipeline around it. */
export interface Standing {
  readonly status: JobStatus;
  /** Whether this job's failure is forgiven, and whether its manual start is optional. */
  readonly allowFailure: boolean;
}

/** A status, or `passed` for a failure that is forgiven, or `optional` for a manual job that nobody has to start. */
type Kind = JobStatus | "passed" | "optional";

const GONE_WELL: readonly Kind[] = ["success", "passed", "optional"];

/** Statuses that decide for all, the first one first, where none of the rules for "only such jobs" applies. */
const DECIDING: readonly (readonly [Kind, JobStatus])[] = [
  ["running", "running"],
  ["pending", "running"],
  ["waiting_for_resource", "waiting_for_resource"],
  ["manual", "manual"],
  ["scheduled", "scheduled"],
  ["created", "running"],
];

/**
 * One status for several jobs: a pipeline's, or what came before a job. Undefined for no jobs.
 * @see lib/gitlab/ci/status/composite.rb of GitLab, whose rules these are.
 */
export function compositeStatus(jobs: readonly Standing[]): JobStatus | undefined {
  const kinds = new Set(jobs.map(kindOf));
  const only = (...allowed: readonly Kind[]) => [...kinds].every((kind) => allowed.includes(kind));
  if (kinds.size === 0) return undefined;
  if (only("skipped", "optional")) return "skipped";
  if (only(...GONE_WELL, "skipped")) return "success";
  if (only(...GONE_WELL.slice(1), "created")) return "created";
  if (only(...GONE_WELL, "skipped", "canceled")) return "canceled";
  if (only(...GONE_WELL.slice(1), "pending", "created", "skipped")) return "pending";
  return DECIDING.find(([kind]) => kinds.has(kind))?.[1] ?? "failed";
}

/** The same for the jobs that a job `needs`: one that never runs makes it skipped, and it waits for all of them. */
export function neededStatus(jobs: readonly Standing[]): JobStatus | undefined {
  const kinds = new Set(jobs.map(kindOf));
  if (kinds.has("skipped") || kinds.has("optional")) return "skipped";
  const over: readonly Kind[] = ["success", "passed", "failed", "canceled"];
  if (![...kinds].every((kind) => over.includes(kind))) return "pending";
  return compositeStatus(jobs);
}

function kindOf({ status, allowFailure }: Standing): Kind {
  if (allowFailure && (status === "failed" || status === "canceled")) return "passed";
  return allowFailure && status === "manual" ? "optional" : status;
}
