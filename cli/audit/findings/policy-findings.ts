import { readPolicyConfig } from "../../../policies/config";
import { evaluate } from "../../../policies/evaluate";
import { RULES } from "../../../policies/rules";
import { resourcesOfExport } from "../../../policies/sources/exported-stack";
import { CliError } from "../../errors/cli-error";
import type { Io } from "../../io";
import type { Finding } from "../finding";
import { fileText } from "../source/stack-reading";

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
 * What the policy pack says of an exported stack.
 *
 * @param config file with levels and limits, as `pulumi preview --policy-pack-config` takes it.
 * @throws CliError (2) where that file is none.
 */
export function policyFindings(exported: unknown, config: string | undefined, io: Io): PolicyReading {
  const settings = config === undefined ? {} : { config: configIn(config, io) };
  const { findings, undecided } = evaluate(resourcesOfExport(exported), settings);
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
