import { describe, expect, test } from "vitest";
import { isTransient, pauseMs } from "../../../../../cli/backends/http/retries";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const clock = (random: number) => ({ now: () => NOW, sleep: async () => undefined, random: () => random });

describe("pauseMs", () => {
  test.each([
    [1, 125, 250],
    [2, 250, 500],
    [3, 500, 1000],
    [4, 1000, 2000],
    [5, 2000, 4000],
    [6, 2500, 5000],
    [40, 2500, 5000],
  ])("before try %i lies between %i and %i ms", (attempt, least, most) => {
    expect(pauseMs(attempt, undefined, clock(0))).toBe(least);
    expect(pauseMs(attempt, undefined, clock(1))).toBe(most);
  });

  test.each([
    ["7", 7_000],
    ["0", 250],
    ["86400", 30_000],
    ["Thu, 01 Jan 2026 00:00:12 GMT", 12_000],
    ["Wed, 31 Dec 2025 23:00:00 GMT", 250],
    ["soon", 250],
    ["-5", 250],
  ])("with Retry-After: %s is %i ms", (retryAfter, expected) => {
    expect(pauseMs(1, retryAfter, clock(1))).toBe(expected);
  });
});

test("only what passes by itself is tried again", () => {
  const statuses = [200, 204, 307, 400, 401, 403, 404, 405, 412, 429, 500, 501, 502, 503, 504];
  expect(statuses.filter(isTransient)).toEqual([412, 429, 502, 503, 504]);
});
