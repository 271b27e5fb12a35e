import { longestPause, sweepLimit } from "../../components/config/sweep";
import { PROJECT, SCHEDULE } from "../reading/gitlab";
import { TRANSIT_KEY } from "../reading/vault-roles";
import { stackRule } from "../rule";
import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";

export const rule = stackRule({
  name: "loop-sweep-exists",
  title: "Stale files are looked for by the clock, often enough",
  why: "Vault tells nobody that it rotated a key, and no service's event is a promise: what the sweep does not find stays stale.",
  remedy:
    "Declare an active `PipelineSchedule`, hourly where Vault rotates by itself, else daily; here, `sopsloop:gitlab.sweep.cron`.",
  severity: "high",
  types: [PROJECT],
  *check(_, stack) {
    const keys = stack.ofType(TRANSIT_KEY);
    if (keys.length === 0) return;
    const most = Math.min(...keys.map((key) => sweepLimit(key.number("autoRotatePeriod") ?? 0)));
    const pauses = schedulesOf(stack).map(pauseOf);
    if (pauses.length === 0)
      yield "has no active schedule that looks for stale files; declare a PipelineSchedule";
    else if (Math.min(...pauses) > most)
      yield `is swept every ${hours(Math.min(...pauses))} at best; let a schedule run at least every ${hours(most)}`;
  },
});

function schedulesOf(stack: Stack): Subject[] {
  return stack.ofType(SCHEDULE).filter((schedule) => schedule.flag("active") !== false);
}

function pauseOf(schedule: Subject): number {
  const cron = schedule.text("cron") ?? "";
  const timezone = schedule.text("cronTimezone") ?? "UTC";
  try {
    return longestPause(cron, timezone);
  } catch {
    throw schedule.at("cron").trouble("form");
  }
}

function hours(seconds: number): string {
  if (!Number.isFinite(seconds)) return "never";
  return seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;
}
