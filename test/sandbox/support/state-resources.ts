import { exportedStack, type StateResource, stateResources } from "../../../cli/audit/source/state-resource";
import type { Stack } from "./stack";

/** What a stack's state says, as the audit reads it. */
export async function resourcesOf(stack: Stack): Promise<readonly StateResource[]> {
  return stateResources(exportedStack.parse(JSON.parse(await stack.exported())));
}
