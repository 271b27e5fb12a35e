import * as z from "zod";
import { typeWithoutVersion } from "../../../policies/values/subject";
import { isObject, type PlainObject, plainValue } from "../../preview-comment/secrets/pulumi-values";

/** A resource of a stack's state. Secrets in its values are `[secret]`. */
export interface StateResource {
  readonly urn: string;
  /** Without the version of its API, as `azure-native:keyvault:Key`. */
  readonly type: string;
  readonly name: string;
  /** What the provider knows it by; empty for components. */
  readonly id: string;
  /** What was declared, and over it what was made of it. */
  readonly values: PlainObject;
}

const properties = z.record(z.string(), z.unknown()).nullish();
const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().nullish(),
  inputs: properties,
  outputs: properties,
  external: z.boolean().nullish(),
  delete: z.boolean().nullish(),
});

/** What `pulumi stack export` prints, as far as it is read here. */
export const exportedStack = z.object({
  deployment: z.object({
    manifest: z.object({ time: z.string().nullish() }).nullish(),
    resources: z.array(resource).nullish(),
  }),
});

/** Those that the stack manages. */
export function stateResources({ deployment }: z.output<typeof exportedStack>): readonly StateResource[] {
  return (deployment.resources ?? []).flatMap((state) => {
    if (state.external === true || state.delete === true) return [];
    const [inputs, outputs] = [plainValue(state.inputs ?? {}), plainValue(state.outputs ?? {})];
    return [
      {
        urn: state.urn,
        type: typeWithoutVersion(state.type),
        // A name may hold the sign that parts a URN.
        name: state.urn.split("::").slice(3).join("::"),
        id: state.id ?? "",
        values: { ...(isObject(inputs) && inputs), ...(isObject(outputs) && outputs) },
      },
    ];
  });
}
