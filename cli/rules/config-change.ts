import type { CreationRule } from "./creation-rule";
import { SopsConfig } from "./sops-config";
import type { WantedKey } from "./wanted-key";

/** How a `.sops.yaml` differs from the one that is declared, as sops reads both. */
export interface ConfigChange {
  /** Keys that only this one names, as `age age1…`: whoever has one opens what is encrypted by it. */
  readonly added: readonly string[];
  /** Keys that only the declared one names. */
  readonly missing: readonly string[];
  /** All else, each in words that fit behind the name of the file. */
  readonly others: readonly string[];
}

/**
 * Undefined where both come to the same for sops, in whatever form they are written.
 *
 * @param text the file's; undefined where there is none
 */
export function configChange(declared: string, text: string | undefined): ConfigChange | undefined {
  if (text === declared) return undefined;
  if (text === undefined) return { added: [], missing: [], others: ["it is not there"] };
  const [wanted, is] = [new SopsConfig(declared), new SopsConfig(text)];
  const [wantedKeys, keys] = [keysOf(wanted), keysOf(is)];
  const added = [...keys].filter((key) => !wantedKeys.has(key));
  const missing = [...wantedKeys].filter((key) => !keys.has(key));
  const known = new Set(wanted.problems.map(({ message }) => message));
  const others = [
    ...is.problems
      .filter(({ message }) => !known.has(message))
      .map(({ line, message }) => `line ${line}: ${message}`),
    ...ruleChanges(wanted.rules, is.rules, new Set([...added, ...missing])),
  ];
  return added.length + missing.length + others.length === 0 ? undefined : { added, missing, others };
}

/** In one line. */
export function toldChange({ added, missing, others }: ConfigChange): string {
  return [
    ...(added.length > 0 ? [`it names ${added.join(", ")}, which is not declared`] : []),
    ...(missing.length > 0 ? [`it does not name ${missing.join(", ")}`] : []),
    ...others,
  ].join("; ");
}

function ruleChanges(
  declared: readonly CreationRule[],
  rules: readonly CreationRule[],
  told: ReadonlySet<string>,
): string[] {
  const left = [...declared];
  const changes = rules.flatMap((rule) => {
    const at = left.findIndex((one) => pathOf(one) === pathOf(rule));
    const [wanted] = at === -1 ? [] : left.splice(at, 1);
    const where = `line ${rule.line}: `;
    if (wanted === undefined) return [`${where}a rule for ${pathOf(rule)} is not declared`];
    const [is, was] = [settingsOf(rule, told), settingsOf(wanted, told)];
    return is.flatMap((setting, index) =>
      setting === was[index] ? [] : [`${where}${setting}, declared is ${was[index]}`],
    );
  });
  changes.push(...left.map((rule) => `there is no rule for ${pathOf(rule)}`));
  // The first rule that fits is the only one that counts.
  const isMoved = rules.map(pathOf).join("\n") !== declared.map(pathOf).join("\n");
  return changes.length === 0 && isMoved ? ["its rules stand in another order"] : changes;
}

/** Each setting of a rule in words, always in the same order. @param told keys that need not be told again */
function settingsOf(rule: CreationRule, told: ReadonlySet<string>): string[] {
  const { selector, macOnlyEncrypted, groups, shamirThreshold: threshold } = rule;
  const keys = groups.map((group) =>
    group
      .map(nameOf)
      .filter((key) => !told.has(key))
      .sort()
      .join(", "),
  );
  return [
    `${selector.name} is ${selector.value}`,
    `mac_only_encrypted is ${macOnlyEncrypted}`,
    groups.length === 1
      ? `any of ${keys[0] || "its keys"} opens`
      : `keys of ${threshold} of ${groups.length} groups (${keys.join(" | ")}) open`,
  ];
}

function pathOf({ pathRegex }: CreationRule): string {
  return pathRegex === undefined ? "every file" : pathRegex.source;
}

function keysOf({ rules }: SopsConfig): Set<string> {
  return new Set(rules.flatMap(({ groups }) => groups.flat()).map(nameOf));
}

function nameOf({ kind, key, version, role }: WantedKey): string {
  return `${kind} ${key}${version === undefined ? "" : `/${version}`}${role === undefined ? "" : ` as ${role}`}`;
}
