import { SCHEDULE } from "../reading/gitlab";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-schedule-active",
  title: "A schedule runs, and belongs to the account that Pulumi works as",
  why: "No backend's event is a promise: what the schedule does not sweep stays stale. GitLab stops a schedule when its owner leaves.",
  remedy: "Leave `active` at true and set `takeOwnership` to true.",
  severity: "high",
  types: [SCHEDULE],
  *check(schedule) {
    if (schedule.flag("active") === false) yield "is switched off; set active to true";
    if (schedule.flag("takeOwnership") !== true)
      yield "stops when the person who touched it last leaves; set takeOwnership to true";
  },
});
