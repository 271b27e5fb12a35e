import { resourcesOfExport } from "../../../policies/sources/exported-stack";
import { resourcesOfPreview } from "../../../policies/sources/preview";
import { type Resource, stackOf } from "../../../policies/values/subject";
import { CliError } from "../../errors/cli-error";
import type { Io } from "../../io";
import { fileText, jsonOf } from "../source/stack-reading";

/** What the policy pack is shown besides the stack as it is. */
export interface PolicySources {
  /** File with what `pulumi preview --json` printed of the same stack. */
  readonly preview?: string | undefined;
  /** Files with what `pulumi stack export` printed of others. */
  readonly beside?: readonly string[] | undefined;
}

export interface JudgedResources {
  readonly own: readonly Resource[];
  /** Of other stacks: what they break is for their own reports. */
  readonly others: readonly Resource[];
}

/** @throws CliError (2) for a file that is none, or of the wrong stack. */
export function judgedResources(exported: unknown, sources: PolicySources, io: Io): JudgedResources {
  const now = resourcesOfExport(exported);
  const stack = stackOf(now[0]?.urn ?? "");
  const { preview, beside = [] } = sources;
  return {
    own: preview === undefined ? now : previewed(preview, now, stack, io),
    others: beside.flatMap((file) => neighbour(file, stack, io)),
  };
}

function previewed(file: string, now: readonly Resource[], stack: string, io: Io): readonly Resource[] {
  const command = "pulumi preview --json, without PULUMI_ENABLE_STREAMING_JSON_PREVIEW";
  const printed = jsonOf(fileText("--preview", file, io), `--preview ${file}`, command);
  const resources = read(`--preview ${file}`, command, () => resourcesOfPreview(printed, now));
  const other = resources.find(({ urn }) => stackOf(urn) !== stack);
  if (other === undefined) return resources;
  throw new CliError(
    `--preview ${file}: is of the stack ${stackOf(other.urn)}, the report is of ${stack}; give one of the same stack`,
    2,
  );
}

function neighbour(file: string, stack: string, io: Io): readonly Resource[] {
  const command = "pulumi stack export";
  const printed = jsonOf(fileText("--beside", file, io), `--beside ${file}`, command);
  const resources = read(`--beside ${file}`, command, () => resourcesOfExport(printed));
  if (!resources.some(({ urn }) => stackOf(urn) === stack)) return resources;
  throw new CliError(
    `--beside ${file}: is of the stack ${stack} too, which the report is of; give the export of another`,
    2,
  );
}

function read(where: string, command: string, resources: () => readonly Resource[]): readonly Resource[] {
  try {
    return resources();
  } catch {
    throw new CliError(`${where}: is not what is expected there; write it with: ${command}`, 2);
  }
}
