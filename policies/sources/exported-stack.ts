import * as z from "zod";
import type { Resource } from "../values/subject";
import { resourceOf, stateResource } from "./state";

const exportedStack = z.object({
  deployment: z.object({ resources: z.array(stateResource).nullish() }),
});

/**
 * The resources of what `pulumi stack export` printed. Secrets are ciphertext in it, so that rules about their content stay undecided, unless it was
 * exported with `--show-secrets`. Throws an Error of one line for anything else.
 */
export function resourcesOfExport(exported: unknown): readonly Resource[] {
  const read = exportedStack.safeParse(exported);
  if (!read.success)
    throw new Error("this is no exported stack; give what pulumi stack export printed, as JSON");
  return (read.data.deployment.resources ?? []).flatMap((resource) => resourceOf(resource) ?? []);
}
