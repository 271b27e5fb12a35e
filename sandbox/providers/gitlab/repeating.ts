const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 60_000;

/** True where sending the same again can do no harm: the rate limit did nothing, and a read never does. */
export function isWorthRepeating(method: string, status: number): boolean {
  return status === 429 || (method === "GET" && status >= 500 && status !== 501);
}

/** Milliseconds until the next attempt: what GitLab asks for in `Retry-After`, in seconds, else twice as long each time. */
export function waitMs(attempt: number, retryAfter: string | string[] | undefined): number {
  const asked = Number(retryAfter);
  const wait = Number.isFinite(asked) && asked > 0 ? asked * 1000 : FIRST_WAIT_MS * 2 ** attempt;
  return Math.min(wait, LONGEST_WAIT_MS);
}
