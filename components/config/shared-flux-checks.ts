import { isController } from "../flux/decryptor-accounts";
import { DEFAULT_SOURCE } from "../flux/object-name";
import type { FluxSettings } from "./flux";
import { configPath } from "./problems";
import { isGuideKey, type VaultSettings } from "./vault";

/** What belongs to the one stack that patches Flux, and must not be another's too. */
export function sharedFluxChecks(flux: FluxSettings, vault?: VaultSettings): string[] {
  if (flux.installation !== "shared") return [];
  const theirs = "belongs to the stack that patches Flux";
  const line = (path: readonly string[], problem: string) => `${configPath(path)}: ${problem}`;
  const controller = Object.entries(flux.decryptors).find(([, account]) =>
    isController(flux.namespace, account),
  );
  return [
    ...(controller
      ? [
          line(
            ["flux", "decryptors", controller[0]],
            `is Flux's own controller, which ${theirs}; name an account of this environment's own`,
          ),
        ]
      : []),
    ...(flux.source.name === DEFAULT_SOURCE
      ? [
          line(
            ["flux", "source", "name"],
            `is ${DEFAULT_SOURCE}, which ${theirs}; set it to a name of this environment's own, such as ${DEFAULT_SOURCE}-prod`,
          ),
        ]
      : []),
    ...(flux.controllerArgs.length > 0
      ? [line(["flux", "controllerArgs"], `is set, but the controller ${theirs}; set it there`)]
      : []),
    ...(flux.networkPolicies
      ? [
          line(
            ["flux", "networkPolicies"],
            `is set, but Flux's namespace ${theirs}; set it there, with what this environment needs under its allow`,
          ),
        ]
      : []),
    ...(vault && isGuideKey(vault.transit)
      ? [
          line(
            ["vault", "transit", "mount"],
            `is ${vault.transit.mount} with the key ${vault.transit.key}, which ${theirs}; set it to a mount of this environment's own, such as ${vault.transit.mount}-prod`,
          ),
        ]
      : []),
  ];
}
