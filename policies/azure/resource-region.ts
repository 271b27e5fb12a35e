import * as z from "zod";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-resource-region",
  title: "Resources lie in the regions that are allowed",
  why: "Where keys and logs may lie is often a matter of law.",
  remedy: "Set `location` to one of the regions that the rule's limit `regions` lists.",
  severity: "medium",
  types: ["azure-native:*"],
  limits: z.strictObject({
    regions: z
      .array(z.string().min(1))
      .default([])
      .describe("Regions that are allowed, such as `westeurope`; none listed: all."),
  }),
  *check(resource, { regions }) {
    if (regions.length === 0) return;
    const location = resource.text("location");
    const allowed = ["global", ...regions].map(plain);
    if (location !== undefined && !allowed.includes(plain(location)))
      yield `lies in ${location}; set location to one of ${regions.join(", ")}`;
  },
});

/** Azure takes "West Europe" and "westeurope" alike. */
function plain(region: string): string {
  return region.toLowerCase().replaceAll(" ", "");
}
