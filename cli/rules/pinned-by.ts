import type { Recipient } from "../sops-file/recipient";
import type { SopsConfigs } from "./sops-configs";

/** A rule that names a version of a key, so that `sops updatekeys` takes its files to that one and to no other. */
export interface Pin {
  readonly version: string;
  /** File and line of the rule. */
  readonly where: string;
}

/** Undefined where the rule leaves the version open, as rules for a key that rotates should. */
export function pinnedBy(configs: SopsConfigs, path: string, { kind, key }: Recipient): Pin | undefined {
  if (kind !== "azure_kv") return undefined;
  const found = configs.ruleFor(path);
  const wanted = found?.rule.groups.flat().find((each) => each.kind === kind && each.key === key);
  if (!found || wanted?.version === undefined) return undefined;
  return { version: wanted.version, where: `${found.config}:${found.rule.line}` };
}
