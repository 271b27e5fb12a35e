import type { PlainObject } from "../secrets/pulumi-values";

/** What a step does, in the one form that both outputs of the engine are read into. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly old: StepState | undefined;
  readonly new: StepState | undefined;
  /** Top-level properties that change; empty where the engine does not say. */
  readonly diffs: readonly string[];
  /** Those that force a replacement. */
  readonly keys: readonly string[];
  /** By property path. Undefined where the provider gives none. */
  readonly detailed: Readonly<Record<string, StepDiff>> | undefined;
}

/** Of plain values (`plainValue`): what is marked as secret is `[secret]` already. */
export interface StepState {
  readonly inputs: PlainObject;
  readonly outputs: PlainObject;
  readonly isProtected: boolean;
  /** Whether it stays where it is when Pulumi forgets it. */
  readonly isRetained: boolean;
  /** Outputs that are secret whatever their marks say. */
  readonly secretOutputs: readonly string[];
}

export interface StepDiff {
  /** `add`, `delete`, `update`, each also with `-replace`. */
  readonly kind: string;
  /** Whether old inputs, not old outputs, are what the new inputs differ from. */
  readonly isInputDiff: boolean;
}

/** Type of the resource whose outputs are the stack's. */
const STACK = "pulumi:pulumi:Stack";

export function isStack({ urn }: { readonly urn: string }): boolean {
  return partsOf(urn).type === STACK;
}

/** Names in `urn:pulumi:<stack>::<project>::<parent types$type>::<name>`. A name may hold `::` itself. */
export function partsOf(urn: string): { stack: string; project: string; type: string; name: string } {
  const [stack = "", project = "", types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack, project, type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}
