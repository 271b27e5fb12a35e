import type { JobStatus } from "../contract";
import { compositeStatus, neededStatus, type Standing } from "./composite-status";

export type When = "on_success" | "on_failure" | "always" | "manual" | "delayed";

/** What the order of jobs is made of. */
export interface OrderedJob extends Standing {
  readonly name: string;
  /** The name in the CI file, which differs for the copies that `parallel` makes. */
  readonly baseName: string;
  readonly stage: string;
  readonly when: When;
  /** Base names. Absent: the job waits for all earlier stages. */
  readonly needs?: readonly string[];
}

/** What becomes of a job that has not begun. */
export type NextStep = "wait" | "skip" | "start" | "ask" | "delay";

const OVER: readonly JobStatus[] = ["success", "failed", "canceled", "skipped"];

/** What to do with a created job, by how the jobs before it stand. */
export function nextStep(job: OrderedJob, jobs: readonly OrderedJob[], stages: readonly string[]): NextStep {
  const before = beforeOf(job, jobs, stages);
  const status = (job.needs ? neededStatus(before) : compositeStatus(before)) ?? "success";
  if (!OVER.includes(status)) return "wait";
  if (!goesOnAfter(job).includes(status)) return "skip";
  if (job.when === "manual") return "ask";
  return job.when === "delayed" ? "delay" : "start";
}

/** The jobs that have to be over before this one. */
export function beforeOf<J extends OrderedJob>(
  job: OrderedJob,
  jobs: readonly J[],
  stages: readonly string[],
): J[] {
  const { needs } = job;
  if (needs) return jobs.filter(({ baseName }) => needs.includes(baseName));
  const stage = stages.indexOf(job.stage);
  return jobs.filter((other) => stages.indexOf(other.stage) < stage);
}

function goesOnAfter({ when, needs }: OrderedJob): readonly JobStatus[] {
  if (when === "on_failure") return ["failed"];
  if (when === "always") return ["success", "failed", "skipped"];
  return needs ? ["success"] : ["success", "skipped"];
}
