import { ciFileText } from "../gitlab-ci-local";
import type { ExpandedConfig, ExpandedJob, ListedJob } from "./expanded-config";
import type { Listing } from "./list-jobs";
import type { HeldRule } from "./planned-job";

/** A job and the rules of which one held. */
interface Question {
  readonly name: string;
  readonly job: ExpandedJob;
  readonly rules: readonly HeldRule[];
}

/** Lists another CI file in the same tree and with the same variables. */
export type ListAgain = (text: string) => Promise<Listing>;

/**
 * For every job with rules, the rule that held, where it matters. gitlab-ci-local does not tell: where a rule's own variables
 * or delay depend on it and more than one rule fits the result, it is asked again, with a job for each rule.
 */
export async function heldRules(
  jobs: readonly { readonly listed: ListedJob; readonly job: ExpandedJob }[],
  config: ExpandedConfig,
  list: ListAgain,
): Promise<ReadonlyMap<string, HeldRule>> {
  const held = new Map<string, HeldRule>();
  const open: Question[] = [];
  for (const { listed, job } of jobs) {
    const rules = job.rules ?? [];
    const fitting = rules.filter((rule) => (rule.when ?? job.when) === listed.when);
    const [only] = fitting;
    if (!fitting.some((rule) => rule.variables || rule.start_in)) continue;
    if (only && fitting.length === 1) held.set(listed.name, only);
    else open.push({ name: listed.name, job, rules });
  }
  if (open.length === 0) return held;

  const probes = open.flatMap((question) =>
    question.rules.map((rule, index) => ({ question, rule, name: `${question.name} #${index}`, index })),
  );
  const text = ciFileText({
    stages: [".pre"],
    variables: config.variables,
    ...Object.fromEntries(probes.map(({ question, name, index }) => [name, probe(question, index)])),
  });
  const answers = new Map((await list(text)).jobs.map(({ name, when }) => [name, when]));
  for (const { question, rule, name } of probes) {
    if (answers.get(name) === "always") held.set(question.name, rule);
  }
  return held;
}

/** Runs only when its rule is the first that holds. */
function probe({ job, rules }: Question, index: number): Record<string, unknown> {
  const conditions = rules.slice(0, index + 1).map((rule, at) => {
    const { if: condition, changes, exists } = rule;
    return { if: condition, changes, exists, when: at === index ? "always" : "never" };
  });
  const { inherit, variables } = job;
  return { stage: ".pre", script: ["true"], inherit, variables, rules: conditions };
}
