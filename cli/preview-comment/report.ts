import { type AccessChange, type AuditSide, accessChange } from "./access/access-change";
import { auditReportOf } from "./access/audit-report";
import { guardOf } from "./cost/guarded";
import { whoLosesBy } from "./cost/holders";
import type { DeployFiles } from "./cost/key-files";
import { lostRights } from "./cost/lost-rights";
import { type Warning, warningsOf } from "./cost/warnings";
import {
  type AuditOutputs,
  CHANGE_KINDS,
  type ChangeKind,
  type Diagnostic,
  type PolicyFinding,
  type Preview,
  type PropertyChange,
  type ResourceChange,
} from "./preview/preview";
import { SECRET } from "./secrets/pulumi-values";

/** One line of the table. */
export interface ReportedChange {
  readonly kind: ChangeKind;
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** What it is to the loop, such as `transit key`; absent for all that is none of it. */
  readonly guarded?: string;
  readonly isProtected: boolean;
  readonly isRetained: boolean;
  readonly properties: readonly PropertyChange[];
}

/** Everything that the comment says, as plain values. What is not in here is not shown. */
export interface Report {
  readonly stack: string | undefined;
  readonly failure: string | undefined;
  readonly counts: Readonly<Record<ChangeKind | "unchanged", number>>;
  readonly warnings: readonly Warning[];
  /** What is deleted or replaced of the loop comes first. */
  readonly changes: readonly ReportedChange[];
  /** Undefined where the preview tells nothing of the output `audit`, before or after. */
  readonly access: AccessChange | undefined;
  /** Undefined where this form of the output has none. */
  readonly findings: readonly PolicyFinding[] | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReportSources {
  readonly files?: DeployFiles | undefined;
  /** Plain JSON, in the place of the output `audit` that the state has. */
  readonly oldAudit?: unknown;
}

export function reportOf(preview: Preview, { files, oldAudit }: ReportSources): Report {
  const changes = guardedFirst(preview.changes);
  const before = oldAudit === undefined ? sideBefore(preview) : { value: oldAudit };
  const after = sideAfter(preview);
  const [old, now] = [before, after].map((side) => ("value" in side ? auditReportOf(side.value) : undefined));
  const sources = { files, whoLoses: whoLosesBy(old, now), vault: old?.vault?.address ?? vaultOf(preview) };
  const access = isOurs(before, after) ? accessChange(before, after) : undefined;
  return {
    stack: preview.stack,
    failure: preview.failure,
    counts: countsOf(preview),
    warnings: [...warningsOf(changes, sources), ...(access ? lostRights(access) : [])],
    changes: changes.map(reported),
    access,
    findings: preview.findings,
    diagnostics: preview.diagnostics,
  };
}

/** Whether either side tells something: any other program than this project's does not. */
function isOurs(before: AuditSide, after: AuditSide): boolean {
  if (!("unknown" in after)) return true;
  if ("unknown" in before) return false;
  return before !== NEW || after.unknown !== NO_OUTPUT;
}

const NO_OUTPUT = "the program has no output named audit";
/** Nobody has anything by a stack that is not there yet. */
const NEW: AuditSide = { value: { policies: {}, roles: [], decryption: [], pipelines: null } };

function sideBefore({ isNewStack, outputs: { before } }: Preview): AuditSide {
  if (isNewStack) return NEW;
  if (before === undefined) return { unknown: "the preview does not tell the stack's outputs" };
  return sideOf(before);
}

function sideAfter({ failure, findings, outputs: { after } }: Preview): AuditSide {
  if (after !== undefined) return sideOf(after);
  if (failure !== undefined) return { unknown: "the preview failed" };
  return {
    unknown:
      findings === undefined
        ? "this form of the preview leaves it out (PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true has it)"
        : "the preview does not tell the stack's outputs",
  };
}

function sideOf({ audit }: AuditOutputs): AuditSide {
  if (audit === undefined) return { unknown: NO_OUTPUT };
  return audit === SECRET ? { unknown: "it is marked as secret" } : { value: audit };
}

/** Vault's address by the URI of the key. */
function vaultOf({ outputs: { before } }: Preview): string | undefined {
  const uri = before?.vaultTransitUri;
  return typeof uri === "string" && URL.canParse(uri) ? new URL(uri).origin : undefined;
}

function guardedFirst(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  const rank = (change: ResourceChange) => {
    const isGuarded = guardOf(change) !== undefined;
    const isLoss = change.kind === "replace" || change.kind === "delete";
    const within = CHANGE_KINDS.indexOf(change.kind) * 2 + (isGuarded ? 0 : 1);
    return isGuarded && isLoss ? within - 100 : within;
  };
  return [...changes].sort((a, b) => rank(a) - rank(b));
}

function reported(change: ResourceChange): ReportedChange {
  const { kind, op, urn, type, name, isProtected, isRetained, properties } = change;
  const guarded = guardOf(change)?.label;
  return { kind, op, urn, type, name, ...(guarded && { guarded }), isProtected, isRetained, properties };
}

function countsOf({ changes, unchanged }: Preview): Report["counts"] {
  const count = (kind: ChangeKind) => changes.filter((change) => change.kind === kind).length;
  return {
    ...{ replace: count("replace"), delete: count("delete"), update: count("update") },
    ...{ import: count("import"), create: count("create"), other: count("other"), unchanged },
  };
}
