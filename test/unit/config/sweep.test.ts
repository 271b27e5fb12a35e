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

test.each(["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe"])(
  "once a day, at any time, in %s",
  (zone) => {
    for (const cron of ["23 3 * * *", "0 0 * * *", "30 2 * * *"])
      expect([cron, longestPause(cron, zone)]).toEqual([cron, 86400]);
  },
);

test.each(["UTC", "Europe/Berlin", "America/Santiago"])(
  "longer pauses are none of the clocks' (%s)",
  (zone) => {
    for (const cron of ["23 3 */2 * *", "23 3 * * 1-5", "23 3 1-30 * *"])
      expect([cron, longestPause(cron, zone) > 86400]).toEqual([cron, true]);
    expect(longestPause("0 8,21 * * *", zone)).toBe(13 * 3600);
  },
);

test.each([
  ["23 * * * *", "Europe/Berlin", 3600],
  ["23 0-23 * * *", "Europe/Berlin", 3600],
  ["23 * * * *", "Africa/Casablanca", 3600],
  ["*/30 * * * *", "Asia/Kathmandu", 1800],
  // Half an hour is put in there, in which it is never the 23rd minute.
  ["23 * * * *", "Australia/Lord_Howe", 5400],
  ["*/30 * * * *", "Australia/Lord_Howe", 1800],
])("%s (%s) pauses for %i s at most, also when clocks change", (cron, zone, seconds) => {
  expect(longestPause(cron, zone)).toBe(seconds);
});

test("once a week is told as more than a day", () => {
  expect(longestPause("0 3 * * 1", "UTC")).toBeGreaterThan(86400);
});

test.each([0, 3600, 7776000])("the default keeps the limit (rotation every %i s)", (period) => {
  expect(longestPause(defaultCron(period), "UTC")).toBeLessThanOrEqual(sweepLimit(period));
});
