import * as z from "zod";
import { isOneOf, isProduction, productionStacks } from "../limits";
import { SOPS_CONFIG_TYPES, type SopsRule, sopsFileOf, sopsFilesOf } from "../reading/sops-configs";
import { stackRule } from "../rule";
import type { Stack } from "../values/stack";

export const rule = stackRule({
  name: "loop-environment-own-key",
  title: "Production shares no key with another environment",
  why: "Whoever decrypts in dev decrypts production's files as well, once they are copied there.",
  remedy:
    "Give each environment a key of its own, and its files a creation rule of their own. A break-glass age key may be shared.",
  severity: "critical",
  types: SOPS_CONFIG_TYPES,
  limits: z.strictObject({ productionStacks }),
  *check(subject, stack, { productionStacks }) {
    const file = sopsFileOf(subject);
    if (!file) return;
    yield* withinFile(file.rules, productionStacks);
    if (!isProduction(subject, productionStacks)) return;
    const own = keysOf(file.rules);
    for (const [name, keys] of keysOfOthers(stack, productionStacks))
      for (const key of keys.filter((each) => own.includes(each)))
        yield `encrypts production with ${key}, with which the stack ${name} encrypts too; give production a key of its own`;
  },
});

/** One `.sops.yaml` for several environments, told apart by their paths. */
function* withinFile(rules: readonly SopsRule[], words: readonly string[]): Iterable<string> {
  const isProductions = ({ pathRegex = "" }: SopsRule) =>
    pathRegex.split(/[^\w-]+/).some((part) => isOneOf(part, words));
  const ofProduction = rules.filter(isProductions);
  const ofOthers = rules.filter((rule) => !isProductions(rule));
  for (const key of new Set(keysOf(ofProduction).filter((each) => keysOf(ofOthers).includes(each))))
    yield `has a creation rule for production and one for others with the same key ${key}; give production a key of its own`;
}

/** Those of the services that hold keys: age is the way out when they are gone. */
function keysOf(rules: readonly SopsRule[]): string[] {
  return rules.flatMap(({ keys }) => keys.filter(({ kind }) => kind !== "age").map(({ key }) => key));
}

/** Of other stacks that are looked at together with this one. */
function keysOfOthers(stack: Stack, words: readonly string[]): Map<string, string[]> {
  const others = stack.neighbours.filter(({ name }) => !isOneOf(name, words));
  return new Map(
    others.map((other) => [other.name, keysOf(sopsFilesOf(other).flatMap(({ rules }) => rules))]),
  );
}
