import * as z from "zod";
import { days } from "../limits";
import { DAY } from "../reading/durations";
import { TRANSIT_KEY } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-transit-key-rotates",
  title: "Vault rotates a transit key by itself, often enough",
  why: "A key version that is used for years wraps ever more, and nobody has practised what follows a rotation on the day it is needed.",
  remedy: "Set `autoRotatePeriod` (seconds); here, `sopsloop:vault.transit.autoRotatePeriod`.",
  severity: "high",
  types: [TRANSIT_KEY],
  limits: z.strictObject({ maxDays: days("Longest period between two rotations", 90) }),
  *check(key, { maxDays }) {
    const period = key.number("autoRotatePeriod") ?? 0;
    if (period === 0) yield `is never rotated; set autoRotatePeriod to at most ${maxDays} days`;
    else if (period > maxDays * DAY)
      yield `is rotated every ${Math.round(period / DAY)} days; set autoRotatePeriod to at most ${maxDays} days (${maxDays * DAY})`;
  },
});
