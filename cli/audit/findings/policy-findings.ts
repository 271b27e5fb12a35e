import { readPolicyConfig } from "../../../policies/config";
import { evaluate } from "../../../policies/evaluate";
import { RULES } from "../../../policies/rules";
import { type Resource, stackOf } from "../../../policies/values/subject";
import { CliError } from "../../errors/cli-error";
import type { Io } from "../../io";
import type { Finding } from "../finding";
import { fileText } from "../source/stack-reading";
import { judgedResources, type PolicySources } from "./judged-resources";

export interface PolicyOptions extends PolicySources {
  /** File with levels and limits, as `pulumi preview --policy-pack-config` takes it. */
  readonly config?: string | undefined;
}

export interface PolicyReading {
  readonly findings: readonly Finding[];
  /** Rules that could not judge everything, and why. */
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
}

const REASONS = {
  secret: "a value that they hang on is a secret in the state",
  unknown: "a value that they hang on is not known",
  form: "a value has another form than its type takes",
} as const;

/**
 * What the policy pack says of an exported stack, or of what it would be after a preview. @throws CliError (2) where a file is not what it is
 * given as.
 */
export function policyFindings(exported: unknown, options: PolicyOptions, io: Io): PolicyReading {
  const { config, ...sources } = options;
  const settings = config === undefined ? {} : { config: configIn(config, io) };
  const { own, others } = judgedResources(exported, sources, io);
  const isOwn = ofStacks(own);
  const judged = evaluate([...own, ...others], settings);
  const findings = judged.findings.filter(isOwn);
  const undecided = judged.undecided.filter(isOwn);
  const rules = new Map<string, (typeof undecided)[number][]>();
  for (const each of undecided) {
    const id = `${each.rule} ${each.reason}`;
    rules.set(id, [...(rules.get(id) ?? []), each]);
  }
  return {
    findings: findings.map(({ rule, severity, urn, message, remedy }) => ({
      ...{ id: rule, severity, origin: "policy" },
      where: resourceOf(urn),
      what: message,
      mend: remedy,
    })),
    skipped: [...rules.values()].flatMap((all) => {
      const [first] = all;
      if (first === undefined) return [];
      const count = `${all.length} resource${all.length === 1 ? "" : "s"}`;
      return [{ id: first.rule, why: `${count} could not be judged: ${REASONS[first.reason]}` }];
    }),
  };
}

/** Whether something is about a resource of the same stack as these. */
function ofStacks(resources: readonly Resource[]): (about: { readonly urn: string }) => boolean {
  const stacks = new Set(resources.map(({ urn }) => stackOf(urn)));
  return ({ urn }) => stacks.has(stackOf(urn));
}

/** Name and type, as they stand in the program. */
function resourceOf(urn: string): string {
  const [, , type = "", ...name] = urn.split("::");
  return `${name.join("::")} (${type.split("$").at(-1) ?? type})`;
}

function configIn(file: string, io: Io) {
  let content: unknown;
  try {
    content = JSON.parse(fileText("--policy-config", file, io));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`--policy-config ${file}: is not JSON; see docs/policies.md`, 2);
  }
  const read = readPolicyConfig(content, RULES);
  if (read.ok) return read.config;
  throw new CliError(`--policy-config ${file}: ${read.errors.join("; ")}`, 2);
}
