/** Previews as the engine prints them, from what a test cares about. */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const STACK_URN = "urn:pulumi:dev::loop::pulumi:pulumi:Stack::loop-dev";

/** A secret as the digest and as the events have it, and one by an older engine that left it in clear behind the mark. */
export const DIGEST_SECRET = "[secret]";
export const EVENT_SECRET = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "[secret]" };
export const openSecret = (value: unknown) => ({
  [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const asset = (hash: string) => ({ [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash, text: "" });

type Values = Readonly<Record<string, unknown>>;

export interface TestStep {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly old?: Values | undefined;
  readonly new?: Values | undefined;
  readonly oldOutputs?: Values;
  readonly newOutputs?: Values;
  readonly diffs?: readonly string[];
  readonly keys?: readonly string[];
  /** Kinds by property path. */
  readonly detailed?: Readonly<Record<string, string>>;
  readonly protect?: boolean;
  readonly retain?: boolean;
  readonly secretOutputs?: readonly string[];
}

export interface TestPreview {
  readonly stackUrn?: string;
  readonly steps?: readonly TestStep[];
  readonly diagnostics?: readonly { severity: string; message: string; urn?: string; ephemeral?: boolean }[];
  readonly findings?: readonly {
    resourceUrn?: string;
    message: string;
    policyName: string;
    policyPackName: string;
    enforcementLevel: string;
  }[];
  /** Of the stack. */
  readonly before?: Values;
  readonly after?: Values;
  readonly result?: "succeeded" | "failed";
}

export function urnOf({ type, name }: Pick<TestStep, "type" | "name">): string {
  return `urn:pulumi:dev::loop::${type}::${name}`;
}

export function digestOf({
  steps = [],
  diagnostics = [],
  before,
  stackUrn = STACK_URN,
}: TestPreview): string {
  const stack = {
    op: before ? "same" : "create",
    urn: stackUrn,
    ...(before && { oldState: state("pulumi:pulumi:Stack", {}, before) }),
    newState: state("pulumi:pulumi:Stack", {}),
    detailedDiff: null,
  };
  return JSON.stringify({
    steps: [
      stack,
      ...steps.map((step) => ({
        op: step.op,
        urn: urnOf(step),
        ...(step.old && { oldState: { ...state(step.type, step.old, step.oldOutputs), ...options(step) } }),
        ...(step.new && { newState: { ...state(step.type, step.new, step.newOutputs), ...options(step) } }),
        ...(step.diffs && { diffReasons: step.diffs }),
        ...(step.keys && { replaceReasons: step.keys }),
        detailedDiff: detailed(step, (kind) => ({ kind, inputDiff: false })),
      })),
    ],
    diagnostics,
    duration: 1_185_699_843,
    changeSummary: { create: 1 },
  });
}

export function eventsOf(preview: TestPreview): string {
  const { steps = [], diagnostics = [], findings = [], before, after, result = "succeeded" } = preview;
  const stack = (outputs: Values | undefined) => ({
    op: before ? "same" : "create",
    urn: preview.stackUrn ?? STACK_URN,
    type: "pulumi:pulumi:Stack",
    old: before ? { inputs: {}, outputs: before } : null,
    new: { inputs: {}, outputs: outputs ?? {} },
    detailedDiff: null,
    provider: "",
  });
  const events: object[] = [
    { preludeEvent: { config: {} } },
    { resourcePreEvent: { metadata: stack(undefined), planning: true } },
    { resOutputsEvent: { metadata: stack(before), planning: true } },
    ...diagnostics.map((one) => ({ diagnosticEvent: { color: "never", ...one } })),
    ...steps.map((step) => ({
      resourcePreEvent: {
        metadata: {
          op: step.op,
          urn: urnOf(step),
          type: step.type,
          old: step.old ? { inputs: step.old, outputs: step.oldOutputs ?? {}, ...options(step) } : null,
          new: step.new ? { inputs: step.new, outputs: step.newOutputs ?? {}, ...options(step) } : null,
          ...(step.diffs && { diffs: step.diffs }),
          ...(step.keys && { keys: step.keys }),
          detailedDiff: detailed(step, (diffKind) => ({ diffKind, inputDiff: false })),
          provider: "",
        },
        planning: true,
      },
    })),
    ...findings.map((finding) => ({ policyEvent: { color: "never", policyPackVersion: "", ...finding } })),
    ...(after ? [{ resOutputsEvent: { metadata: stack(after), planning: true } }] : []),
    { summaryEvent: { maybeCorrupt: false, durationSeconds: 1, resourceChanges: { same: 1 }, result } },
    { cancelEvent: {} },
  ];
  return events
    .map((event, sequence) => `${JSON.stringify({ sequence, timestamp: 1, ...event })}\n`)
    .join("");
}

function state(type: string, inputs: Values, outputs: Values = {}): Values {
  return { custom: true, type, inputs, outputs };
}

function options({ protect, retain, secretOutputs }: TestStep): Values {
  return {
    ...(protect && { protect }),
    ...(retain && { retainOnDelete: retain }),
    ...(secretOutputs && { additionalSecretOutputs: secretOutputs }),
  };
}

function detailed<T>({ detailed: kinds }: TestStep, diffOf: (kind: string) => T): Values | null {
  if (!kinds) return null;
  return Object.fromEntries(Object.entries(kinds).map(([path, kind]) => [path, diffOf(kind)]));
}
