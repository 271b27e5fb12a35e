import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../../../policies/evaluate";
import { packPolicy } from "../../../../policies/pack-policy";
import type { Rule } from "../../../../policies/rule";
import { RULES } from "../../../../policies/rules";
import type { Resource } from "../../../../policies/values/subject";

/** The SDK's own guard against values that are not known; it is exported without types. */
const { unknownCheckingProxy } = createRequire(__filename)("@pulumi/policy") as {
  unknownCheckingProxy(properties: object): object;
};

type Given = Resource | readonly Resource[];
type Named<T> = Readonly<Record<string, T>>;

export interface RuleCases {
  /** What breaks the rule, with parts of the messages, one for each violation. */
  readonly violates: Named<readonly [given: Given, ...messages: readonly string[]]>;
  readonly passes: Named<Given>;
  /** What cannot be told, with the path of the value that is missing. */
  readonly unknown: Named<readonly [given: Given, path: string]>;
  /** Limits and what they change. */
  readonly limits?: readonly [limits: object, cases: Partial<Omit<RuleCases, "limits">>];
}

/**
 * Every case of a rule twice: by `evaluate`, and as the engine would run it. A rule without a case that breaks it, one that keeps it and one
 * that cannot be told is a failure.
 */
export function describeRule(
  name: string,
  { limits: [limits, changed] = [{}, {}], ...cases }: RuleCases,
): void {
  const rule = ruleNamed(name);
  describe(name, () => {
    test("has cases of every kind", () => {
      for (const kind of ["violates", "passes", "unknown"] as const)
        expect(Object.keys({ ...cases[kind], ...changed[kind] }), kind).not.toEqual([]);
    });
    describeCases(rule, cases, {});
    if (Object.keys(limits).length > 0) describe("with limits", () => describeCases(rule, changed, limits));
  });
}

function describeCases(
  rule: Rule,
  { violates = {}, passes = {}, unknown = {} }: Partial<RuleCases>,
  limits: object,
): void {
  const options = { rules: [rule], config: { [rule.name]: { limits: { ...limits } } } };
  for (const [title, [given, ...wanted]] of Object.entries(violates))
    test(`violated: ${title}`, () => {
      const { findings, undecided } = evaluate(listOf(given), options);
      const messages = findings.map(({ message }) => message);
      expect(messages).toHaveLength(wanted.length);
      for (const [index, part] of wanted.entries()) expect(messages[index]).toContain(part);
      expect(undecided).toEqual([]);
      for (const message of messages) {
        expect(message).toMatch(/^\S.*: .+(;|needs) .+$/);
        for (const secret of secretsIn(given)) expect(message).not.toContain(secret);
      }
      expect(inEngine(rule, listOf(given), limits)).toEqual({ violations: messages, note: undefined });
    });
  for (const [title, given] of Object.entries(passes))
    test(`kept: ${title}`, () => {
      const { findings, undecided, judged } = evaluate(listOf(given), options);
      expect({ findings, undecided }).toEqual({ findings: [], undecided: [] });
      expect(judged).toBeGreaterThan(0);
      expect(inEngine(rule, listOf(given), limits)).toEqual({ violations: [], note: undefined });
    });
  for (const [title, [given, path]] of Object.entries(unknown))
    test(`cannot be told: ${title}`, () => {
      const { findings, undecided } = evaluate(listOf(given), options);
      expect(findings).toEqual([]);
      expect(undecided.map((each) => [each.reason, each.path])).toContainEqual(["unknown", path]);
      const { violations, note } = inEngine(rule, listOf(given), limits);
      expect(violations).toEqual([]);
      expect(note).toContain("can't be known during preview");
    });
}

export function ruleNamed(name: string): Rule {
  const rule = RULES.find((each) => each.name === name);
  if (!rule) throw new Error(`the pack has no rule ${name}`);
  return rule;
}

function listOf(given: Given): readonly Resource[] {
  return Array.isArray(given) ? (given as readonly Resource[]) : [given as Resource];
}

/** What the engine's policy reports, in its order, and the note that stands for a value that is not known. */
function inEngine(rule: Rule, resources: readonly Resource[], limits: object) {
  const violations: string[] = [];
  let note: string | undefined;
  const report = (message: string) => violations.push(message);
  const policy = packPolicy(rule);
  const shared = { getConfig: () => limits, stackTags: new Map(), notApplicable };
  const shown = resources.map((resource) => ({
    ...resource,
    props: unknownCheckingProxy({ ...resource.inputs }),
    opts: { protect: resource.isProtected },
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.madeOf ?? {}).map(([input, urns]) => [input, urns.map((urn) => ({ urn }))]),
    ),
  }));
  const runs =
    "validateStack" in policy
      ? [() => policy.validateStack({ ...shared, resources: shown } as never, report)]
      : shown.map((each) => () => {
          const { validateResource } = policy as { validateResource(args: never, report: unknown): void };
          validateResource({ ...shared, ...each } as never, report);
        });
  for (const run of runs)
    try {
      run();
    } catch (error) {
      note ??= error instanceof Error ? error.message : String(error);
    }
  return { violations, note };
}

function notApplicable(reason?: string): never {
  throw new Error(reason);
}

/** Values that a message must not repeat, wherever they stand. */
const SECRET_NAMES = /^(value|token|content|dataJson|stringData|data|tokenReviewerJwt|endpointUrl|args)$/;

function secretsIn(value: unknown, isSecret = false): string[] {
  // The address of a server or a network is none.
  if (typeof value === "string")
    return isSecret && value.length > 12 && !/^(https:\/\/[\w.:-]+|[\d./]+)$/.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    secretsIn(each, isSecret || SECRET_NAMES.test(name)),
  );
}
