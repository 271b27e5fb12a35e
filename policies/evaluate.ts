import type { Enforcement, PolicyConfig } from "./config";
import { isAbout, judge } from "./judge";
import type { Reference, Rule, Severity } from "./rule";
import { RULES } from "./rules";
import type { Reason } from "./values/not-decidable";
import { Stack } from "./values/stack";
import { type Resource, Subject } from "./values/subject";

/** A resource that breaks a rule. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly enforcement: Exclude<Enforcement, "disabled">;
  readonly urn: string;
  /** The resource's name, what is wrong, and how to mend it; never a secret. */
  readonly message: string;
  /** What has to hold. */
  readonly title: string;
  readonly remedy: string;
  readonly references: readonly Reference[];
}

/** A resource that a rule could not judge: neither a pass nor a violation. */
export interface Undecided {
  readonly rule: string;
  readonly urn: string;
  readonly reason: Reason;
  /** The value that could not be read. */
  readonly path: string;
  /** The resource that the value belongs to, where it is another one. */
  readonly of: string;
}

export interface Evaluation {
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly undecided: readonly Undecided[];
  /** How often a rule judged a resource. */
  readonly judged: number;
}

export interface EvaluateOptions {
  /** What differs from the rules' own settings, as `readPolicyConfig` gives it. */
  readonly config?: PolicyConfig;
  /** Default: every rule of the pack. */
  readonly rules?: readonly Rule[];
}

const ORDER: readonly Severity[] = ["critical", "high", "medium", "low"];

/**
 * Judges resources by the rules, as the engine does while it runs: rules about one resource see its inputs, rules about a stack the
 * outputs of all resources. Resources of several stacks may be given at once.
 */
export function evaluate(resources: readonly Resource[], options: EvaluateOptions = {}): Evaluation {
  const { rules = RULES, config = {} } = options;
  const stacks = Stack.eachOf(resources);
  const declared = resources.map((resource) => new Subject(resource, resource.inputs));
  const findings: Finding[] = [];
  const undecided: Undecided[] = [];
  let judged = 0;
  for (const rule of rules) {
    const settings = config[rule.name];
    const enforcement = settings?.enforcement ?? rule.enforcement;
    if (enforcement === "disabled") continue;
    const limits = rule.limits.parse(settings?.limits ?? {});
    const groups =
      rule.kind === "stack"
        ? stacks.map((stack) => ({ subjects: stack.subjects, stack }))
        : [{ subjects: declared, stack: undefined }];
    for (const { subjects, stack } of groups)
      for (const subject of subjects.filter(({ type }) => isAbout(rule, type))) {
        const judgement = judge(rule, subject, limits, stack);
        judged += 1;
        findings.push(
          ...judgement.violations.map((message) => findingOf(rule, enforcement, subject.urn, message)),
        );
        if (judgement.undecided) {
          const { reason, path, urn } = judgement.undecided;
          undecided.push({ rule: rule.name, urn: subject.urn, reason, path, of: urn });
        }
      }
  }
  findings.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return { findings, undecided, judged };
}

function findingOf(rule: Rule, enforcement: Finding["enforcement"], urn: string, message: string): Finding {
  const { name, severity, title, remedy, references = [] } = rule;
  return { rule: name, severity, enforcement, urn, message, title, remedy, references };
}
