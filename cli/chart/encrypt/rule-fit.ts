import type { CreationRule } from "../../rules/creation-rule";
import { selectionOf } from "../../rules/selection";
import type { RuleOfFile, SopsConfigs } from "../../rules/sops-configs";

/** Fields by which Flux and the API server know an object: they have to stay readable. */
const READABLE = [
  ["apiVersion"],
  ["kind"],
  ["metadata", "name"],
  ["metadata", "namespace"],
  ["type"],
] as const;

const MEND = 'give the rule encrypted_regex: "^(data|stringData)$"';

/** The rule under which a Secret's file falls, or why it cannot be encrypted by any. */
export function ruleFor(configs: SopsConfigs, path: string): RuleOfFile | string {
  const found = configs.ruleFor(path);
  if (!found) {
    const config = configs.configFor(path);
    return config === undefined
      ? `${path}: there is no .sops.yaml at or above its folder; pulumi up writes one, or add it`
      : `${path}: no rule of ${config} matches it; add one, or name another file for it in the mapping`;
  }
  const { rule, config } = found;
  const flaw = FLAWS.get(rule) ?? flawOf(rule);
  FLAWS.set(rule, flaw);
  return flaw === "" ? found : `${path}: ${config}:${rule.line} ${flaw}; ${MEND}`;
}

/** Known ones: most Secrets have one rule in common. */
const FLAWS = new WeakMap<CreationRule, string>();

/** Why a rule cannot be for Secrets; empty for one that can. */
function flawOf({ selector }: CreationRule): string {
  const selection = selectionOf(selector);
  const isEncrypted = (keys: readonly string[]) =>
    keys.reduce((above, key) => selection.under(key, above), selection.atTop);
  if (!isEncrypted(["data"])) return "leaves the values of a Secret (data) readable";
  const hidden = READABLE.find(isEncrypted);
  return hidden ? `encrypts ${hidden.join(".")}, so that nobody can apply the Secret` : "";
}
