import { hiddenValues } from "../secrets/hidden-values";
import { masked } from "../secrets/masks";
import { ownProperty, type PlainObject } from "../secrets/pulumi-values";
import { changesOf } from "./changes";
import { compare } from "./compare";
import type { AuditOutputs, Diagnostic, PolicyFinding, Preview } from "./preview";
import { isStack, partsOf, type Step } from "./step";

/** Either output of the engine, read. */
export interface EngineReport {
  readonly steps: readonly Step[];
  readonly diagnostics: readonly EngineDiagnostic[];
  /** Undefined where the output has none. */
  readonly findings: readonly PolicyFinding[] | undefined;
  /** Resources by operation; undefined where the engine did not come to its end. */
  readonly summary: Readonly<Record<string, number>> | undefined;
  /** Whether the engine itself says that the preview failed. */
  readonly failed: boolean;
  /** Whether the output has its end. */
  readonly isWhole: boolean;
  /** Of the stack; undefined where this output does not tell them, or there is no state yet. */
  readonly outputs: { readonly before: PlainObject | undefined; readonly after: PlainObject | undefined };
}

export interface EngineDiagnostic {
  readonly severity: string;
  readonly urn?: string | undefined;
  readonly prefix?: string | undefined;
  readonly message: string;
  readonly ephemeral?: boolean | undefined;
}

/** Of these, all but `mandatory` let `pulumi up` through. */
const FIRST_LEVELS = ["mandatory", "remediate", "advisory"];
const FIRST_SEVERITIES = ["error", "warning", "info#err", "info"];

/** What a reviewer sees of it, without anything secret. */
export function previewOf(report: EngineReport): Preview {
  const [first] = report.steps;
  const parts = first && partsOf(first.urn);
  // The engine's order depends on which resource was the quicker.
  const findings = report.findings
    ?.map(maskedFinding)
    .sort(
      (a, b) =>
        rank(FIRST_LEVELS, a.level) - rank(FIRST_LEVELS, b.level) ||
        compare(JSON.stringify([a.pack, a.policy, a.urn]), JSON.stringify([b.pack, b.policy, b.urn])) ||
        compare(a.message, b.message),
    );
  const diagnostics = report.diagnostics.filter(isForPeople).map(maskedDiagnostic);
  return {
    stack: parts && masked(`${parts.project}/${parts.stack}`),
    changes: changesOf(report.steps),
    unchanged: report.summary?.same ?? report.steps.filter(({ op }) => op === "same").length,
    isNewStack: report.steps.some((step) => isStack(step) && step.op === "create"),
    outputs: { before: auditOutputs(report.outputs.before), after: auditOutputs(report.outputs.after) },
    findings,
    diagnostics: diagnostics.sort(
      (a, b) =>
        rank(FIRST_SEVERITIES, a.severity) - rank(FIRST_SEVERITIES, b.severity) ||
        compare(a.urn ?? "", b.urn ?? ""),
    ),
    failure: failureOf(report),
    hidden: hiddenValues(report.steps),
  };
}

function auditOutputs(outputs: PlainObject | undefined): AuditOutputs | undefined {
  return (
    outputs && {
      audit: ownProperty(outputs, "audit"),
      vaultTransitUri: ownProperty(outputs, "vaultTransitUri"),
    }
  );
}

function failureOf({ isWhole, failed, findings = [], diagnostics }: EngineReport): string | undefined {
  if (!isWhole)
    return "The output ends in the middle: pulumi preview was stopped, or its output was cut short.";
  const mandatory = findings.filter(({ level }) => level === "mandatory").length;
  if (mandatory > 0)
    return `${mandatory === 1 ? "A mandatory policy is" : "Mandatory policies are"} not kept.`;
  if (diagnostics.some(({ severity }) => severity === "error")) return "The errors are under Messages.";
  return failed ? "Its output does not say why; the job's log may." : undefined;
}

/** The engine's debug messages show secrets in clear, and are no one's concern here. */
function isForPeople({ severity, ephemeral, message }: EngineDiagnostic): boolean {
  return severity !== "debug" && ephemeral !== true && message.trim() !== "";
}

function maskedDiagnostic({ severity, urn, message }: EngineDiagnostic): Diagnostic {
  // The digest has the severity once more in front of the text.
  const text = withoutColours(message)
    .trimEnd()
    .replace(/^(error|warning|info|debug): /, "");
  return { severity, ...(urn && { urn: masked(urn) }), message: masked(text) };
}

function maskedFinding({ level, policy, pack, urn, message }: PolicyFinding): PolicyFinding {
  return {
    level,
    policy: masked(policy),
    pack: masked(pack),
    ...(urn && { urn: masked(urn) }),
    message: masked(withoutColours(message).trim()),
  };
}

/** The engine's own words for colours, which `--color always` leaves in. */
function withoutColours(text: string): string {
  return text.replace(/<\{%(?:reset|bold|underline|[fb]g \d+)%\}>/g, "");
}

/** Position in a list of names; others come last. */
function rank(order: readonly string[], name: string): number {
  const at = order.indexOf(name);
  return at < 0 ? order.length : at;
}
