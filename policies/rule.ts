import * as z from "zod";
import type { Stack } from "./values/stack";
import type { Subject } from "./values/subject";

export type Severity = "critical" | "high" | "medium" | "low";

/** The same demand in somebody else's catalogue. */
export interface Reference {
  /** Such as `Checkov` or `CIS Kubernetes 1.10`. */
  readonly framework: string;
  readonly id: string;
}

/** Everything about a rule but how it judges. */
export interface RuleInfo {
  /** `<vendor>-<resource>-<rule>`, which is also the path of its file. */
  readonly name: string;
  /** What has to hold, as a sentence. */
  readonly title: string;
  /** What happens otherwise. */
  readonly why: string;
  /** How to mend it. */
  readonly remedy: string;
  readonly severity: Severity;
  readonly references?: readonly Reference[];
  /** Types of the resources that it judges, without API versions; `*` at the end stands for the rest. */
  readonly types: readonly string[];
  /** Default `mandatory`: the update is refused. */
  readonly enforcement?: "mandatory" | "advisory";
}

/** A rule: a pure function of a resource, for some rules of the whole stack too, and of the rule's limits. */
export interface Rule extends RuleInfo {
  /** A `resource` rule sees one resource's inputs; a `stack` rule sees the outputs of all of them, once they are made. */
  readonly kind: "resource" | "stack";
  readonly enforcement: "mandatory" | "advisory";
  /** What a user may set, with defaults. */
  readonly limits: z.ZodObject;
  /**
   * One line each: what is wrong with the subject and how to mend it. May throw NotDecidable, also between two of them.
   *
   * @param limits as `limits` gives them.
   * @param stack what a rule of kind `stack` needs, and others do not.
   */
  violations(subject: Subject, limits: Limits, stack: Stack | undefined): Iterable<string>;
}

/** What a rule may be told, with defaults filled in. */
export type Limits = Readonly<Record<string, unknown>>;

const NO_LIMITS = z.strictObject({});

/** A rule about each resource of its types on its own. */
export function resourceRule<Schema extends z.ZodObject = typeof NO_LIMITS>(
  rule: RuleInfo & {
    readonly limits?: Schema;
    check(subject: Subject, limits: z.output<Schema>): Iterable<string>;
  },
): Rule {
  return made("resource", rule, (subject, limits) => rule.check(subject, limits));
}

/** A rule about each resource of its types among the others of its stack. */
export function stackRule<Schema extends z.ZodObject = typeof NO_LIMITS>(
  rule: RuleInfo & {
    readonly limits?: Schema;
    check(subject: Subject, stack: Stack, limits: z.output<Schema>): Iterable<string>;
  },
): Rule {
  return made("stack", rule, (subject, limits, stack) => (stack ? rule.check(subject, stack, limits) : []));
}

function made<Schema extends z.ZodObject>(
  kind: Rule["kind"],
  { limits, ...info }: RuleInfo & { readonly limits?: Schema },
  check: (subject: Subject, limits: z.output<Schema>, stack: Stack | undefined) => Iterable<string>,
): Rule {
  return {
    ...info,
    kind,
    enforcement: info.enforcement ?? "mandatory",
    limits: limits ?? NO_LIMITS,
    violations: (subject, given, stack) => check(subject, given as z.output<Schema>, stack),
  };
}
