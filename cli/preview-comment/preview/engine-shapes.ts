import * as z from "zod";
import { isObject, plainValue } from "../secrets/pulumi-values";
import type { StepDiff, StepState } from "./step";

const names = z.array(z.string()).nullish();
const values = z.record(z.string(), z.unknown()).nullish();

/** A resource's state, in the digest and in the events alike. */
export const engineState = z
  .object({
    inputs: values,
    outputs: values,
    protect: z.boolean().optional(),
    retainOnDelete: z.boolean().optional(),
    additionalSecretOutputs: names,
  })
  .nullish();

export const engineDiagnostic = z.object({
  urn: z.string().optional(),
  prefix: z.string().optional(),
  message: z.string().default(""),
  severity: z.string().default("info"),
  ephemeral: z.boolean().optional(),
});

export const engineNames = names;

export function stateOf(state: z.infer<typeof engineState>): StepState | undefined {
  if (!state) return undefined;
  return {
    inputs: plainMap(state.inputs),
    outputs: plainMap(state.outputs),
    isProtected: state.protect ?? false,
    isRetained: state.retainOnDelete ?? false,
    secretOutputs: state.additionalSecretOutputs ?? [],
  };
}

/** Null, as a provider without a detailed diff has it, is none. */
export function detailedOf<T>(
  read: Readonly<Record<string, T>> | null | undefined,
  diffOf: (written: T) => StepDiff,
): Readonly<Record<string, StepDiff>> | undefined {
  if (!read) return undefined;
  return Object.fromEntries(Object.entries(read).map(([path, written]) => [path, diffOf(written)]));
}

function plainMap(map: unknown): Readonly<Record<string, unknown>> {
  const plain = plainValue(map ?? {});
  return isObject(plain) ? plain : {};
}
