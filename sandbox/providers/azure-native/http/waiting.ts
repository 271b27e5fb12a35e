const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Milliseconds until the next attempt: what Azure asks for, else twice as long each time. */
export function waitMs(attempt: number, headers: Headers): number {
  return Math.min(askedMs(headers) ?? FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
}

/** What Azure asks for in `Retry-After`, in seconds or as a date, or in its own headers in milliseconds. */
export function askedMs(headers: Headers): number | undefined {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const asked = headers[name];
    if (asked !== undefined && /^\d+$/.test(String(asked))) return Number(asked);
  }
  const asked = headers["retry-after"];
  if (asked === undefined) return undefined;
  if (/^\d+$/.test(String(asked))) return Number(asked) * 1000;
  const until = Date.parse(String(asked)) - Date.now();
  return Number.isNaN(until) ? undefined : Math.max(until, 0);
}
