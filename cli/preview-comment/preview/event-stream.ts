import * as z from "zod";
import type { EngineReport } from "./engine-report";
import { detailedOf, engineDiagnostic, engineNames, engineState, stateOf } from "./engine-shapes";
import type { PolicyFinding } from "./preview";
import { isStack, type Step } from "./step";

const policy = z.object({
  resourceUrn: z.string().optional(),
  message: z.string().default(""),
  policyName: z.string(),
  policyPackName: z.string().default(""),
  policyPackVersionTag: z.string().optional(),
  enforcementLevel: z.string().optional(),
});

/**
 * `EngineEvent` in sdk/go/common/apitype/events.go of Pulumi: one a line, with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true. The kinds
 * that are not named here say nothing to a reviewer.
 */
const event = z.object({
  sequence: z.number(),
  resourcePreEvent: z
    .object({
      metadata: z.object({
        op: z.string(),
        urn: z.string(),
        old: engineState,
        new: engineState,
        keys: engineNames,
        diffs: engineNames,
        detailedDiff: z
          .record(z.string(), z.object({ diffKind: z.string(), inputDiff: z.boolean() }))
          .nullish(),
      }),
    })
    .optional(),
  diagnosticEvent: engineDiagnostic.optional(),
  stdoutEvent: z.object({ message: z.string() }).optional(),
  resOutputsEvent: z
    .object({ metadata: z.object({ urn: z.string(), old: engineState, new: engineState }) })
    .optional(),
  policyEvent: policy.optional(),
  policyRemediationEvent: policy.optional(),
  summaryEvent: z
    .object({ resourceChanges: z.record(z.string(), z.number()).nullish(), result: z.string().optional() })
    .optional(),
});

export type EngineEvent = z.infer<typeof event>;

/** Undefined where it is no event of the engine's. */
export function engineEvent(value: unknown): EngineEvent | undefined {
  return event.safeParse(value).data;
}

export function reportOfEvents(events: readonly EngineEvent[]): EngineReport {
  const summary = events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  return {
    steps: events.flatMap(({ resourcePreEvent: pre }) => (pre ? [stepOf(pre)] : [])),
    diagnostics: events.flatMap(({ diagnosticEvent, stdoutEvent }) => {
      if (diagnosticEvent) return [diagnosticEvent];
      return stdoutEvent ? [{ severity: "info", message: stdoutEvent.message }] : [];
    }),
    findings: events.flatMap(({ policyEvent, policyRemediationEvent: mended }) => {
      if (policyEvent) return [findingOf(policyEvent)];
      return mended ? [{ ...findingOf(mended), level: "remediate" }] : [];
    }),
    summary: summary && (summary.resourceChanges ?? {}),
    failed: summary?.result !== undefined && summary.result !== "succeeded",
    isWhole: summary !== undefined,
    outputs: stackOutputs(events, summary?.result === "succeeded"),
  };
}

/**
 * The stack is told of twice: once when the program begins, still with its old outputs, and once more when the program has ended.
 * A program that fails ends too, and the engine then repeats the old ones.
 */
function stackOutputs(events: readonly EngineEvent[], succeeded: boolean): EngineReport["outputs"] {
  const told = events.flatMap(({ resOutputsEvent: one }) =>
    one && isStack(one.metadata) ? [one.metadata] : [],
  );
  const [first] = told;
  const last = told.length > 1 && succeeded ? told.at(-1) : undefined;
  return { before: stateOf(first?.old)?.outputs, after: stateOf(last?.new)?.outputs };
}

function stepOf({ metadata }: NonNullable<EngineEvent["resourcePreEvent"]>): Step {
  return {
    op: metadata.op,
    urn: metadata.urn,
    old: stateOf(metadata.old),
    new: stateOf(metadata.new),
    diffs: metadata.diffs ?? [],
    keys: metadata.keys ?? [],
    detailed: detailedOf(metadata.detailedDiff, ({ diffKind, inputDiff }) => ({
      kind: diffKind,
      isInputDiff: inputDiff,
    })),
  };
}

function findingOf(read: z.infer<typeof policy>): PolicyFinding {
  const version = read.policyPackVersionTag ? `@${read.policyPackVersionTag}` : "";
  const message = read.message.trim() === "" ? "mended by the policy" : read.message;
  return {
    level: read.enforcementLevel ?? "mandatory",
    policy: read.policyName,
    pack: `${read.policyPackName}${version}`,
    ...(read.resourceUrn && { urn: read.resourceUrn }),
    message,
  };
}
