import { Cron } from "croner";
import type * as z from "zod";
import { parsed, strict } from "./fields";
import { ConfigProblem, describe } from "./problems";

const DAY = 24 * 3600;
/** Some day: a year from it has every kind of week and month. */
const YEAR_BEGINS = new Date("2026-01-01T00:00:00Z");
const YEAR_MS = 366 * DAY * 1000;

/** Five fields, as GitLab takes them. It also knows words such as `@daily`, which say less to a reader. */
const cron = parsed("five fields such as 23 * * * *", (value) => {
  const fields = value.trim().split(/\s+/);
  const problem = `is ${describe(value)}; set it to five fields such as 23 * * * *`;
  if (fields.length !== 5) throw new ConfigProblem(problem);
  try {
    if (new Cron(value, { paused: true }).nextRun(YEAR_BEGINS) === null) throw new Error("never");
  } catch {
    throw new ConfigProblem(problem);
  }
  return fields.join(" ");
});

const timezone = parsed("an IANA time zone such as Europe/Berlin", (value) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
  } catch {
    throw new ConfigProblem(`is ${describe(value)}; set it to an IANA time zone such as Europe/Berlin`);
  }
  return value;
});

/** When all files are looked at, whether or not somebody told that a key was rotated. */
export const sweepSection = strict({
  cron: cron.optional(),
  timezone: timezone.default("UTC"),
}).prefault({});

export type SweepSettings = z.output<typeof sweepSection>;

/** The longest pause of a schedule in seconds. */
export function longestPause(cron: string, timezone: string): number {
  const job = new Cron(cron, { paused: true, timezone });
  // Where only the minute is said, each hour is like the next, whatever clocks do; to walk a year of them takes a second.
  const isHourly = cron
    .split(" ")
    .slice(1)
    .every((field) => field === "*");
  const end = YEAR_BEGINS.getTime() + (isHourly ? DAY * 1000 : YEAR_MS);
  let longest = 0;
  let last = YEAR_BEGINS;
  while (last.getTime() < end && longest <= DAY + 3600) {
    const next = job.nextRun(last);
    if (next === null) return Number.POSITIVE_INFINITY;
    longest = Math.max(longest, (next.getTime() - last.getTime()) / 1000);
    last = next;
  }
  return longest;
}

/** Seconds that may pass between two sweeps: a key that Vault rotates by itself tells nobody. */
export function sweepLimit(autoRotatePeriod: number): number {
  return autoRotatePeriod > 0 ? 3600 : DAY;
}

/** The schedule of a config that names none; off the full hour, when everybody's run. */
export function defaultCron(autoRotatePeriod: number): string {
  return autoRotatePeriod > 0 ? "23 * * * *" : "23 3 * * *";
}
