import * as z from "zod";
import type { Resource } from "../values/subject";

const properties = z.record(z.string(), z.unknown()).nullish();

/** A resource as Pulumi writes it, in an exported stack as in a preview. */
export const stateResource = z.object({
  urn: z.string(),
  type: z.string(),
  inputs: properties,
  outputs: properties,
  protect: z.boolean().nullish(),
  /** URNs of others by the input that was made of them. */
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  /** Looked up and not managed. */
  external: z.boolean().nullish(),
  /** Replaced, and about to be deleted. */
  delete: z.boolean().nullish(),
});

export type StateResource = z.output<typeof stateResource>;

/** As rules are given it; undefined for what the stack does not manage. */
export function resourceOf({ urn, type, ...state }: StateResource): Resource | undefined {
  if (state.external === true || state.delete === true) return undefined;
  return {
    urn,
    type,
    // A name may hold the sign that parts a URN.
    name: urn.split("::").slice(3).join("::"),
    inputs: state.inputs ?? {},
    outputs: state.outputs ?? undefined,
    // A state leaves it out where it is false.
    isProtected: state.protect === true,
    madeOf: Object.fromEntries(
      Object.entries(state.propertyDependencies ?? {}).map(([input, others]) => [input, others ?? []]),
    ),
  };
}
