const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long to wait after the first failure, the second, and so on; then the last, again and again. */
const SCHEDULE = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
];

/** The least that is waited after certain answers. */
const LEAST: Readonly<Record<number, number>> = { 404: 5 * MINUTE, 408: 2 * MINUTE, 503: 30 * SECOND };
const LEAST_OTHERWISE = 10 * SECOND;

const SUCCESS = [200, 201, 202, 203, 204];
const NEVER_AGAIN = [400, 401, 403, 413];

export function delivered(status: number): boolean {
  return SUCCESS.includes(status);
}

/** A webhook that answers so is never asked again. */
export function isFinal(status: number | undefined): boolean {
  return status !== undefined && NEVER_AGAIN.includes(status);
}

/** Milliseconds until the next attempt. @param attempts that were made. @param status undefined when there was no answer */
export function delayAfter(attempts: number, status: number | undefined): number {
  const scheduled = SCHEDULE[Math.min(attempts, SCHEDULE.length) - 1] ?? LEAST_OTHERWISE;
  return Math.max(scheduled, LEAST[status ?? 0] ?? LEAST_OTHERWISE);
}

const OUTCOMES: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  408: "TimedOut",
  413: "PayloadTooLarge",
  429: "Busy",
  503: "Busy",
};

/** Event Grid's word for an answer that was none of success. */
export function outcomeOf(status: number): string {
  return OUTCOMES[status] ?? "GenericError";
}
