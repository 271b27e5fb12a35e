import { z } from "zod";
import type { Resource } from "../values/subject";
import { resourceOf, stateResource } from "./state";

/** Without anything to do it has no steps, but always says how long it took and what it came to. */
const preview = z
  .object({
    steps: z
      .array(z.object({ op: z.string(), urn: z.string(), newState: stateResource.nullish() }))
      .nullish(),
    changeSummary: z.unknown().optional(),
  })
  .refine(({ steps, changeSummary }) => Array.isArray(steps) || changeSummary !== undefined);

/**
 * The resources as they would be after what `pulumi preview --json` printed. Unknown values and secrets in it leave rules undecided.
 *
 * @param before resources as they are: a preview leaves out those that stay the same. Throws an Error of one line for anything else.
 */
export function resourcesOfPreview(printed: unknown, before: readonly Resource[] = []): readonly Resource[] {
  const read = preview.safeParse(printed);
  if (!read.success) throw new Error("this is no preview; give what pulumi preview --json printed");
  const after = new Map(before.map((resource) => [resource.urn, resource]));
  for (const { op, urn, newState } of read.data.steps ?? []) {
    // What is replaced is deleted under the same name after its successor was made.
    if (op === "delete" || op === "discard") after.delete(urn);
    else if (newState && !op.startsWith("delete-") && !op.startsWith("read")) {
      const resource = resourceOf(newState);
      if (resource) after.set(urn, resource);
    }
  }
  return [...after.values()];
}
