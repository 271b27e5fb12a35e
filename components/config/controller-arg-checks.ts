import { isOwnFlag } from "../flux/controller-patch";
import type { FluxSettings } from "./flux";
import { configPath, describe } from "./problems";

/** Flags that would undo what the program itself makes of the controller. */
export function controllerArgChecks(flux: FluxSettings): string[] {
  return flux.controllerArgs.flatMap((flag, index) => {
    const path = configPath(["flux", "controllerArgs", index]);
    if (isOwnFlag(flag, flux.version)) {
      return [`${path}: is ${describe(flag)}, which this program sets itself; remove it`];
    }
    const outside = Object.entries(flux.decryptors).find(([, { namespace }]) => namespace !== flux.namespace);
    if (!outside || !/^--no-cross-namespace-refs(=true)?$/.test(flag)) return [];
    return [
      `${path}: is ${describe(flag)}, but the Kustomizations of flux.decryptors.${outside[0]} live in ${outside[1].namespace} and refer to the source in ${flux.namespace}; remove the flag, or that decryptor`,
    ];
  });
}
