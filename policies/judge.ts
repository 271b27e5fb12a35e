import type { Limits, Rule } from "./rule";
import { NotDecidable } from "./values/not-decidable";
import type { Stack } from "./values/stack";
import type { Subject } from "./values/subject";

export interface Judgement {
  /** One line each, with the resource's name in front. */
  readonly violations: readonly string[];
  /** Why the rule came to no end; what it had found by then counts. */
  readonly undecided: NotDecidable | undefined;
}

/** What one rule has to say of one resource. */
export function judge(rule: Rule, subject: Subject, limits: Limits, stack?: Stack): Judgement {
  const violations: string[] = [];
  try {
    for (const line of rule.violations(subject, limits, stack)) violations.push(`${subject.name}: ${line}`);
    return { violations, undecided: undefined };
  } catch (error) {
    if (!(error instanceof NotDecidable)) throw error;
    return { violations, undecided: error };
  }
}

/** Whether the rule is about resources of this type (without version). */
export function isAbout(rule: Pick<Rule, "types">, type: string): boolean {
  return rule.types.some((each) => (each.endsWith("*") ? type.startsWith(each.slice(0, -1)) : each === type));
}
