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
  const selection = selectionOf(rule.selector);
  const isEncrypted = (keys: readonly string[]) =>
    keys.reduce((above, key) => selection.under(key, above), selection.atTop);
  const where = `${config}:${rule.line}`;
  if (!isEncrypted(["data"]))
    return `${path}: ${where} leaves the values of a Secret (data) readable; ${MEND}`;
  const hidden = READABLE.find(isEncrypted);
  return hidden === undefined
    ? found
    : `${path}: ${where} encrypts ${hidden.join(".")}, so that nobody can apply the Secret; ${MEND}`;
}
