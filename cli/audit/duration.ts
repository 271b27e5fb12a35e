const DAY = 86_400_000;

/** How long ago, or how long still, in words that one reads at a glance: `3 days`, `5 months`. */
export function spanBetween(from: string, to: string): string {
  const span = Math.abs(Date.parse(to) - Date.parse(from));
  if (span < 3_600_000) return counted(Math.max(1, Math.round(span / 60_000)), "minute");
  if (span < 2 * DAY) return counted(Math.round(span / 3_600_000), "hour");
  if (span < 90 * DAY) return counted(Math.round(span / DAY), "day");
  if (span < 730 * DAY) return counted(Math.round(span / (30.44 * DAY)), "month");
  return counted(Math.round(span / (365.25 * DAY)), "year");
}

/** `2026-11-25`, as ISO 8601 has it and no country turns it around. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** `2026-11-25 21:14 UTC` */
export function minuteOf(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

/** `P90D` as `90 days`; what is no such duration stays as it is. */
export function wordsOf(duration: string): string {
  const units = { Y: "year", M: "month", D: "day", TH: "hour", TM: "minute", TS: "second" };
  const [, count, unit] = /^P(?:T(?=\d+[HMS]$))?(\d+)([YMDHS])$/.exec(duration) ?? [];
  if (count === undefined || unit === undefined) return duration;
  const name = units[`${duration.includes("T") ? "T" : ""}${unit}` as keyof typeof units];
  return name === undefined ? duration : counted(Number(count), name);
}

export function counted(count: number, what: string): string {
  return `${count.toLocaleString("en-GB")} ${what}${count === 1 ? "" : "s"}`;
}
