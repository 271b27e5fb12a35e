import type { Io } from "../io";
import type { AzureLook } from "./azure/azure-look";
import type { Probe } from "./probe";
import { apiServerCa } from "./probes/api-server-ca";
import { auditDevice } from "./probes/audit-device";
import { azureProbes } from "./probes/azure/azure-probes";
import { capabilities } from "./probes/capabilities";
import { cluster } from "./probes/cluster";
import { controller } from "./probes/controller";
import { endToEnd } from "./probes/end-to-end";
import { key } from "./probes/key";
import { kustomizations } from "./probes/kustomizations";
import { login } from "./probes/login";
import { mount } from "./probes/mount";
import { networkPolicies } from "./probes/network-policies";
import { policies } from "./probes/policies";
import { reviewer } from "./probes/reviewer";
import { roles } from "./probes/roles";
import { roundTrip } from "./probes/round-trip";
import { sopsConfig } from "./probes/sops-config";
import { token } from "./probes/token";
import { tokenRequest } from "./probes/token-request";
import { vault } from "./probes/vault";
import { vaultCa } from "./probes/vault-ca";
import { vaultConfig } from "./probes/vault-config";
import { wrongAudience } from "./probes/wrong-audience";

/** Every probe. The cheapest explanation first: what fails early is why later ones do. */
export function everyProbe(
  io: Io,
  options: { readonly endToEnd: boolean; readonly azure: AzureLook | undefined },
): readonly Probe[] {
  return [
    vault,
    token,
    cluster,
    mount,
    key,
    policies,
    roles,
    reviewer,
    apiServerCa,
    login,
    wrongAudience,
    capabilities,
    roundTrip,
    controller,
    vaultConfig,
    sopsConfig(io),
    vaultCa,
    tokenRequest,
    networkPolicies,
    kustomizations,
    auditDevice,
    ...(options.azure ? azureProbes(options.azure) : []),
    ...(options.endToEnd ? [endToEnd(io)] : []),
  ];
}
