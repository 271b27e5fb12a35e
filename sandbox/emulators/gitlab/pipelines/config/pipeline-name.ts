import { PipelineRefused } from "../pipeline-refused";
import { expand } from "../variables/expand";
import type { ExpandedConfig } from "./expanded-config";

const LONGEST = 255;

/** What `workflow: name` comes to; undefined for nothing but blanks. Throws PipelineRefused where GitLab takes none like it. */
export function pipelineName(
  { workflow, variables }: ExpandedConfig,
  predefined: Readonly<Record<string, string>>,
): string | undefined {
  const { name } = workflow ?? {};
  if (name === undefined) return undefined;
  if (name === "") throw new PipelineRefused("workflow name is too short (minimum is 1 character)", "config");
  const own = Object.entries(variables).flatMap(([key, value]) =>
    typeof value === "string" ? [[key, value] as const] : [],
  );
  const expanded = expand(name, { ...Object.fromEntries(own), ...predefined }).trim();
  if (expanded.length > LONGEST)
    throw new PipelineRefused(
      `Failed to build pipeline metadata! Name is too long (maximum is ${LONGEST} characters)`,
      "config",
    );
  return expanded === "" ? undefined : expanded;
}
