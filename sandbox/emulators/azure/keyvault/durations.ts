const DURATION = /^P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/;

interface CalendarDuration {
  readonly months: number;
  readonly days: number;
}

/** Years, months and days of ISO 8601, as rotation policies have them; undefined for anything else. */
function parse(text: string): CalendarDuration | undefined {
  const [match, years = "0", months = "0", days = "0"] = DURATION.exec(text) ?? [];
  if (match === undefined) return undefined;
  return { months: Number(years) * 12 + Number(months), days: Number(days) };
}

export function isDuration(text: string): boolean {
  return parse(text) !== undefined;
}

/** A time later, or earlier, by a duration; in seconds since 1970. Months are the calendar's. */
export function shifted(seconds: number, duration: string, sign: 1 | -1): number {
  const { months, days } = parse(duration) ?? { months: 0, days: 0 };
  const date = new Date(seconds * 1_000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + sign * months);
  // The last day of the month where the month is too short.
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last) + sign * days);
  return Math.floor(date.getTime() / 1_000);
}

/** About how many days it is, for limits. */
export function daysOf(duration: string): number {
  return (shifted(0, duration, 1) - 0) / 86_400;
}
