import type { Installation } from "./controller-patch";

/** Source of a config that names none. */
export const DEFAULT_SOURCE = "deploy";

/** Name of what this program puts beside Flux. The stacks of several environments may share one: each goes by its source then. */
export function objectName(flux: {
  readonly installation: Installation;
  readonly source: { readonly name: string };
}): string {
  return flux.installation === "shared" ? `sopsloop-${flux.source.name}` : "sopsloop";
}
