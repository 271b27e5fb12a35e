import type { JobStatus } from "../contract";

/** How a resource group picks the next of the jobs that wait for it. */
export type ProcessMode = "unordered" | "oldest_first" | "newest_first" | "newest_ready_first";

/** A job of a resource group, as its queue sees it. */
export interface QueuedJob {
  readonly id: number;
  readonly pipelineId: number;
  readonly status: JobStatus;
}

const READY: readonly JobStatus[] = ["waiting_for_resource"];
const UPCOMING: readonly JobStatus[] = ["created", "scheduled", "waiting_for_resource"];
const HOLDING: readonly JobStatus[] = ["pending", "running"];

/**
 * The job that gets the group's only resource next. Undefined while one holds it, and when the one whose turn it is has not
 * come so far: `oldest_first` and `newest_first` also count jobs that are still to come.
 *
 * @param jobs all jobs of the group, in the order in which they were made.
 * @see https://docs.gitlab.com/ci/resource_groups/#process-modes
 */
export function nextHolder<J extends QueuedJob>(jobs: readonly J[], mode: ProcessMode): J | undefined {
  if (jobs.some(({ status }) => HOLDING.includes(status))) return undefined;
  const counted = mode === "oldest_first" || mode === "newest_first" ? UPCOMING : READY;
  const newest = mode === "newest_first" || mode === "newest_ready_first";
  const candidates = jobs.filter(({ status }) => counted.includes(status));
  if (mode === "unordered") return candidates[0];
  const [first] = candidates.sort(
    (one, other) =>
      (newest ? other.pipelineId - one.pipelineId : one.pipelineId - other.pipelineId) ||
      Number(READY.includes(other.status)) - Number(READY.includes(one.status)) ||
      one.id - other.id,
  );
  return first && READY.includes(first.status) ? first : undefined;
}
