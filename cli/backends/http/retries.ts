/** What waiting needs of the outside world. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export const REAL_CLOCK: Clock = {
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

const FIRST_MS = 250;
const LONGEST_MS = 5_000;
/** A server that asks for more patience than this would hold up a pipeline without a word. */
const LONGEST_ASKED_MS = 30_000;

/** Codes of the system's for a connection that failed. */
const PASSING: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
  "ECONNABORTED",
]);

/** Whether a failed connection may well work a moment later. All else, such as a certificate, stays wrong. */
export function isPassing(code: string | undefined): boolean {
  return code !== undefined && PASSING.has(code);
}

/** Statuses that say nothing about the request itself: too many requests, a server that restarts, a replica that lags. */
export function isTransient(status: number): boolean {
  return status === 412 || status === 429 || status === 502 || status === 503 || status === 504;
}

/**
 * How long to wait before try number `attempt` (the first is 1): twice as long each time, at random between half and the whole, so
 * that many clients do not come back together; what the server asks for by `Retry-After` counts more.
 */
export function pauseMs(attempt: number, retryAfter: string | undefined, clock: Clock): number {
  const backoff = Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS);
  const own = backoff * (0.5 + clock.random() / 2);
  return Math.max(own, Math.min(askedMs(retryAfter, clock.now()), LONGEST_ASKED_MS));
}

/** `Retry-After` is a number of seconds or a date; anything else asks for nothing. */
function askedMs(retryAfter: string | undefined, now: number): number {
  if (retryAfter === undefined) return 0;
  if (/^\d+$/.test(retryAfter.trim())) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
