import { expect, test } from "vitest";
import { defaultCron, longestPause, sweepLimit } from "../../../components/config/sweep";

test.each([
  ["23 * * * *", "UTC", 3600],
  ["*/15 * * * *", "UTC", 900],
  ["0 8-18 * * *", "UTC", 14 * 3600],
  ["23 3 * * *", "UTC", 86400],
])("%s (%s) pauses for %i s at most", (cron, zone, seconds) => {
  expect(longestPause(cron, zone)).toBe(seconds);
});

test("once a week is told as more than a day", () => {
  expect(longestPause("0 3 * * 1", "UTC")).toBeGreaterThan(86400);
});

test.each([0, 3600, 7776000])("the default keeps the limit (rotation every %i s)", (period) => {
  expect(longestPause(defaultCron(period), "UTC")).toBeLessThanOrEqual(sweepLimit(period));
});
