import { distance } from "fastest-levenshtein";
import type { Rule } from "./rule";

export type Enforcement = "mandatory" | "advisory" | "disabled";
const LEVELS: ReadonlySet<unknown> = new Set(["mandatory", "advisory", "disabled"]);

/** What a user has set of one rule. */
export interface RuleSettings {
  readonly enforcement?: Enforcement;
  readonly limits: Readonly<Record<string, unknown>>;
}

/** By the rule's name. */
export type PolicyConfig = Readonly<Record<string, RuleSettings>>;

export type ReadPolicyConfig =
  | { readonly ok: true; readonly config: PolicyConfig }
  | { readonly ok: false; readonly errors: readonly string[] };

/**
 * Reads the content of a policy config file, in the form that `pulumi preview --policy-pack-config` takes: by the rule's name
 * (`all` for every rule), a level or an object with `enforcementLevel` and limits. Gives every problem at once, one line each.
 */
export function readPolicyConfig(content: unknown, rules: readonly Rule[]): ReadPolicyConfig {
  if (!isObject(content))
    return { ok: false, errors: ["the policy config is not an object of rules; see docs/policies.md"] };
  const errors: string[] = [];
  const config: Record<string, RuleSettings> = {};
  const { all, ...named } = content;
  const forAll = all === undefined ? {} : levelOf("all", all, errors);
  for (const rule of rules) config[rule.name] = { ...forAll, limits: {} };
  for (const [name, value] of Object.entries(named)) {
    const rule = rules.find((each) => each.name === name);
    if (rule) config[name] = settingsOf(rule, value, forAll, errors);
    else errors.push(`${name}: is no rule of this pack; ${guess(name, rules)}`);
  }
  return errors.length === 0 ? { ok: true, config } : { ok: false, errors };
}

function settingsOf(
  rule: Rule,
  value: unknown,
  forAll: { readonly enforcement?: Enforcement },
  errors: string[],
): RuleSettings {
  const level = { ...forAll, ...levelOf(rule.name, value, errors) };
  if (!isObject(value)) return { ...level, limits: {} };
  const { enforcementLevel: _, ...limits } = value;
  errors.push(...limitProblems(rule, limits));
  return { ...level, limits };
}

/** What is wrong with limits that somebody set: one line each. */
export function limitProblems(rule: Rule, limits: unknown): readonly string[] {
  const read = rule.limits.safeParse(limits);
  if (read.success) return [];
  return read.error.issues.map(
    ({ path, message }) => `${[rule.name, ...path].join(".")}: ${message}; see docs/policies.md`,
  );
}

function levelOf(name: string, value: unknown, errors: string[]): { readonly enforcement?: Enforcement } {
  const level = isObject(value) ? value.enforcementLevel : value;
  if (level === undefined) return {};
  if (LEVELS.has(level)) return { enforcement: level as Enforcement };
  errors.push(`${name}: has no level that is known; set it to mandatory, advisory or disabled`);
  return {};
}

function guess(name: string, rules: readonly Rule[]): string {
  const ranked = rules
    .map((rule) => ({ name: rule.name, steps: distance(name, rule.name) }))
    .sort((a, b) => a.steps - b.steps);
  const [best] = ranked;
  return best && best.steps <= name.length / 3 ? `did you mean ${best.name}?` : "see docs/policies.md";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
