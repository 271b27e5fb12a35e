import { Cron } from "croner";
import type * as z from "zod";
import { parsed, strict } from "./fields";
import { ConfigProblem, describe } from "./problems";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Some day: a year from it has every kind of week and month. */
const YEAR_BEGINS = new Date("2026-01-01T00:00:00Z");
const DAYS = 366;

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

/**
 * The longest pause of a schedule in seconds. From an hour up it is one of the clock on the wall: where clocks are set back, every daily schedule has a pause of
 * 25 hours once a year, and none of its making. Shorter ones are measured as they are, days with changed clocks included.
 */
export function longestPause(cron: string, timezone: string): number {
  // Where only the minute is said, each hour is like the next; to walk a year of them takes a second.
  const isHourly = cron
    .split(" ")
    .slice(1)
    .every((field) => field === "*");
  const usual = longestFrom(
    YEAR_BEGINS,
    isHourly ? 1 : DAYS,
    new Cron(cron, { paused: true, timezone: "UTC" }),
  );
  if (usual > HOUR) return usual;
  const job = new Cron(cron, { paused: true, timezone });
  // Not all clocks change by whole hours.
  return Math.max(usual, ...clockChanges(timezone).map((day) => longestFrom(day, 3, job)));
}

function longestFrom(begin: Date, days: number, job: Cron): number {
  const end = begin.getTime() + days * DAY * 1000;
  let longest = 0;
  let last = begin;
  while (last.getTime() < end && longest <= DAY) {
    const next = job.nextRun(last);
    if (next === null) return Number.POSITIVE_INFINITY;
    longest = Math.max(longest, (next.getTime() - last.getTime()) / 1000);
    last = next;
  }
  return longest;
}

/** Of each change of clocks in a zone, a time that is at most two days before it. */
function clockChanges(timezone: string): Date[] {
  const format = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset" });
  const offset = (day: Date) => format.formatToParts(day).find(({ type }) => type === "timeZoneName")?.value;
  const days = Array.from({ length: DAYS }, (_, at) => new Date(YEAR_BEGINS.getTime() + at * DAY * 1000));
  return days.filter((_, at) => {
    const [today, tomorrow] = [days[at + 1], days[at + 2]];
    return today !== undefined && tomorrow !== undefined && offset(today) !== offset(tomorrow);
  });
}

/** Seconds that may pass between two sweeps: a key that Vault rotates by itself tells nobody. */
export function sweepLimit(autoRotatePeriod: number): number {
  return autoRotatePeriod > 0 ? HOUR : DAY;
}

/** The schedule of a config that names none; off the full hour, when everybody's run. */
export function defaultCron(autoRotatePeriod: number): string {
  return autoRotatePeriod > 0 ? "23 * * * *" : "23 3 * * *";
}
