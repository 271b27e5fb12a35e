import type {
  PolicyConfigSchema,
  PolicyResource,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";
import { limitProblems } from "./config";
import { isAbout, judge } from "./judge";
import type { Limits, Reference, Rule } from "./rule";
import type { NotDecidable } from "./values/not-decidable";
import { Stack } from "./values/stack";
import { type Resource, Subject, typeWithoutVersion } from "./values/subject";

type Properties = Readonly<Record<string, unknown>>;

/** A rule as the engine takes it. */
export function packPolicy(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
  const { name, title, severity, enforcement, remedy, references = [] } = rule;
  const shared = {
    name,
    description: title,
    severity,
    enforcementLevel: enforcement,
    remediationSteps: remedy,
    tags: references.map(({ framework, id }) => `${framework}: ${id}`),
    ...frameworkOf(references),
    ...schemaOf(rule),
  };
  return rule.kind === "resource" ? resourcePolicy(rule, shared) : stackPolicy(rule, shared);
}

type Shared = Omit<StackValidationPolicy, "validateStack">;

function resourcePolicy(rule: Rule, shared: Shared): ResourceValidationPolicy {
  return {
    ...shared,
    validateResource: ({ type, name, urn, props, opts, getConfig, notApplicable }, report) => {
      if (!isAbout(rule, typeWithoutVersion(type))) return;
      const inputs = unguarded(props);
      const subject = new Subject({ type, name, urn, inputs, isProtected: opts.protect }, inputs);
      const { violations, undecided } = judge(rule, subject, limitsOf(rule, getConfig()));
      for (const violation of violations) report(violation);
      if (undecided) tell(undecided, props, notApplicable);
    },
  };
}

function stackPolicy(rule: Rule, shared: Shared): StackValidationPolicy {
  return {
    ...shared,
    validateStack: ({ resources, getConfig, notApplicable }, report) => {
      const limits = limitsOf(rule, getConfig());
      let pending: NotDecidable | undefined;
      for (const stack of Stack.eachOf(resources.map(resourceOf)))
        for (const subject of stack.subjects.filter(({ type }) => isAbout(rule, type))) {
          const { violations, undecided } = judge(rule, subject, limits, stack);
          for (const violation of violations) report(violation, subject.urn);
          pending ??= undecided;
        }
      const { props } = resources.find(({ urn }) => urn === pending?.urn) ?? {};
      if (pending) tell(pending, props ?? {}, notApplicable);
    },
  };
}

/** What is set in the pack's config file, which the engine checks only in part. */
function limitsOf(rule: Rule, given: object): Limits {
  const problems = limitProblems(rule, given);
  if (problems.length > 0) throw withoutStack(`the policy config is wrong: ${problems.join("; ")}`);
  return rule.limits.parse(given);
}

/** The engine shows an error's stack where it has one. */
function withoutStack(message: string): Error {
  return Object.assign(new Error(message), { stack: message });
}

/** A stack policy is shown outputs alone. */
function resourceOf({ type, name, urn, props, opts, propertyDependencies }: PolicyResource): Resource {
  const madeOf = Object.fromEntries(
    Object.entries(propertyDependencies).map(([input, others]) => [input, others.map((other) => other.urn)]),
  );
  return { type, name, urn, inputs: unguarded(props), isProtected: opts.protect, madeOf };
}

/** The SDK's guard against unknown values throws as soon as one is read: rules read them by a reader of their own. */
function unguarded(props: Properties): Properties {
  const found = Object.getOwnPropertyDescriptors(props);
  return Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, value as unknown]));
}

/**
 * Tells in the SDK's own way that a value is not known yet, by reading it where the SDK guards it: a note, not a violation. Other
 * reasons do not come up in the engine, which shows policies every secret, but for values that the provider is about to refuse.
 */
function tell(undecided: NotDecidable, props: Properties, notApplicable: (reason: string) => never): void {
  if (undecided.reason === "unknown") {
    let value: unknown = props;
    for (const name of undecided.steps) value = Reflect.get(Object(value), name);
  }
  notApplicable(undecided.message);
}

/** The engine takes one; all of them are in the tags. */
function frameworkOf([first]: readonly Reference[]) {
  if (!first) return {};
  const { framework, id } = first;
  return { framework: { name: framework, version: "", reference: id, specification: "" } };
}

function schemaOf({ limits }: Rule): { readonly configSchema?: PolicyConfigSchema } {
  const { properties = {} } = z.toJSONSchema(limits, { io: "input" });
  if (Object.keys(properties).length === 0) return {};
  return { configSchema: { properties: properties as PolicyConfigSchema["properties"] } };
}
