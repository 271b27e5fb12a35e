import * as z from "zod";
import { days, isProduction, productionStacks } from "../limits";
import { KEY, settingsOf } from "../reading/azure";
import { isoDays } from "../reading/durations";
import { cisAzure, psrule } from "../references";
import { resourceRule } from "../rule";
import type { Reader } from "../values/reader";

export const rule = resourceRule({
  name: "azure-key-rotates",
  title: "Azure rotates a key by itself, often enough",
  why: "A key version that is used for years wraps ever more, and nobody has practised what follows a rotation on the day it is needed.",
  remedy:
    "Give `rotationPolicy` a lifetime action of type rotate, with `timeAfterCreate`. Azure takes the policy only when the key is made.",
  severity: "high",
  references: [psrule("AZR-000123"), cisAzure("8.8")],
  types: [KEY],
  limits: z.strictObject({
    maxDays: days("Longest period between two rotations", 365),
    maxDaysInProduction: days("The same in production", 90),
    productionStacks,
  }),
  *check(key, { maxDays, maxDaysInProduction, productionStacks }) {
    const most = isProduction(key, productionStacks) ? maxDaysInProduction : maxDays;
    const policy = settingsOf(key).at("rotationPolicy");
    const periods = policy
      .list("lifetimeActions")
      .filter((action) => action.text("action.type")?.toLowerCase() === "rotate")
      .map((action) => periodOf(action, policy));
    const period = Math.min(...periods);
    if (periods.length === 0)
      yield `is never rotated; give rotationPolicy an action rotate after at most ${most} days (P${most}D)`;
    else if (period > most) yield `is rotated every ${period} days; set timeAfterCreate to at most P${most}D`;
  },
});

/** Days from one rotation to the next. */
function periodOf(action: Reader, policy: Reader): number {
  const after = isoDays(action.text("trigger.timeAfterCreate") ?? "");
  if (after !== undefined) return after;
  const before = isoDays(action.text("trigger.timeBeforeExpiry") ?? "");
  const expiry = isoDays(policy.text("attributes.expiryTime") ?? "");
  return before === undefined || expiry === undefined ? Number.POSITIVE_INFINITY : expiry - before;
}
