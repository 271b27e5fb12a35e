import { join } from "node:path";

/** Loaded before a relay, kills it at the step `KILL_AT`; with `TELL_STEPS` it writes the names of all steps to standard error. */
export const KILLER = join(__dirname, "kill-at-step.cjs");
/** Longer than a claim keeps others out: how far the clock of the relay that takes over is ahead, as `CLOCK_AHEAD_MS`. */
export const LATER_MS = 91_000;

/**
 * How many pipelines there are for a version whose delivery was cut short at a step: from the moment that GitLab has answered until the
 * record that says so has its name, nobody but GitLab knows.
 *
 * @param steps of one delivery, in order. @param step undefined where it was not cut short
 */
export function expectedPipelines(steps: readonly string[], step: string | undefined): number {
  const at = step === undefined ? steps.length : steps.indexOf(step);
  return at >= steps.indexOf("fetch 1 after") && at < steps.indexOf("link 2 after") ? 2 : 1;
}
