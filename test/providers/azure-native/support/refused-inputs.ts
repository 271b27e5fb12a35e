import type { PlainMap } from "../../../../sandbox/providers/engine/resource-type";
import type { AzureTest } from "./azure-test";
import { GROUP } from "./recorded-azure";

/** What is wrong with the inputs of a type, and each reason as the program would be told it. */
export type RefusedInputs = [what: string, type: string, inputs: PlainMap, reasons: string[]];

/** What most types are given. */
export const GROUPED = { resourceGroupName: "rg", location: "westeurope" };
export const ASSIGNMENT = { scope: GROUP, principalId: "p", roleDefinitionId: "r" };

/** Why the plugin does not take them; empty where it does. */
export async function refused(
  { plugin }: AzureTest,
  type: string,
  inputs: PlainMap,
): Promise<readonly string[]> {
  return (await plugin.checkOnly(`azure-native:${type}`, inputs)).failures;
}
