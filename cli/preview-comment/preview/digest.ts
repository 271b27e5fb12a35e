import * as z from "zod";
import type { EngineReport } from "./engine-report";
import { detailedOf, engineDiagnostic, engineNames, engineState, stateOf } from "./engine-shapes";
import { isStack, type Step } from "./step";

/** `PreviewDigest` in pkg/display/json.go of Pulumi: what `pulumi preview --json` prints unless it is told to stream. */
export const digest = z.object({
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        oldState: engineState,
        newState: engineState,
        diffReasons: engineNames,
        replaceReasons: engineNames,
        detailedDiff: z.record(z.string(), z.object({ kind: z.string(), inputDiff: z.boolean() })).nullish(),
      }),
    )
    .nullish(),
  diagnostics: z.array(engineDiagnostic).nullish(),
  duration: z.number().optional(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
});

/** The engine leaves policy findings, and the outputs that the stack would have, out of its digest. */
export function reportOfDigest(read: z.infer<typeof digest>): EngineReport {
  const steps = (read.steps ?? []).map(stepOf);
  return {
    steps,
    diagnostics: read.diagnostics ?? [],
    findings: undefined,
    summary: read.changeSummary ?? undefined,
    // It has no word for a failure either; one that was stopped has no changes summed up.
    failed: read.changeSummary === undefined || read.changeSummary === null,
    // A digest is printed at once, and at the end.
    isWhole: true,
    outputs: { before: steps.find(isStack)?.old?.outputs, after: undefined },
  };
}

function stepOf(read: NonNullable<z.infer<typeof digest>["steps"]>[number]): Step {
  return {
    op: read.op,
    urn: read.urn,
    old: stateOf(read.oldState),
    new: stateOf(read.newState),
    diffs: read.diffReasons ?? [],
    keys: read.replaceReasons ?? [],
    detailed: detailedOf(read.detailedDiff, ({ kind, inputDiff }) => ({ kind, isInputDiff: inputDiff })),
  };
}
