import type { FluxKustomization } from "./flux-kustomization";
import type { KustomizeBuild } from "./kustomize-build";

/** Which Kustomizations of Flux's take in which file. */
export class FluxCoverage {
  private readonly builders = new Map<string, FluxKustomization[]>();

  constructor(
    readonly kustomizations: readonly FluxKustomization[],
    build: KustomizeBuild,
  ) {
    const built = new Map<string, ReadonlySet<string>>();
    for (const kustomization of kustomizations) {
      for (const folder of [kustomization.folder, ...kustomization.components]) {
        const files = built.get(folder) ?? build.filesOf(folder);
        built.set(folder, files);
        for (const file of files) {
          const others = this.builders.get(file) ?? [];
          if (!others.includes(kustomization)) this.builders.set(file, [...others, kustomization]);
        }
      }
    }
  }

  /** In the order of the tree. */
  buildersOf(file: string): readonly FluxKustomization[] {
    return this.builders.get(file) ?? [];
  }
}
