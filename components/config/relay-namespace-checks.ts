import type { AzureSettings } from "./azure";
import { DEFAULT_RELAY_NAMESPACE } from "./azure-relay";
import type { FluxSettings } from "./flux";
import type { GitLabSettings } from "./gitlab";
import { configPath } from "./problems";

/** Where the relay goes in the cluster, all traffic but its own is denied, and only hardened pods start: nobody else may live there. */
export function relayNamespaceChecks(
  { relay }: AzureSettings,
  flux: FluxSettings,
  gitlab: GitLabSettings | undefined,
): string[] {
  if (!relay || !("deployment" in relay)) return [];
  const { namespace } = relay.deployment;
  const path = configPath(["azure", "relay", "deployment", "namespace"]);
  const owner = ownerOf(namespace, flux, gitlab);
  const example =
    flux.installation === "shared" ? `${DEFAULT_RELAY_NAMESPACE}-prod` : DEFAULT_RELAY_NAMESPACE;
  return owner === undefined
    ? []
    : [`${path}: is ${namespace}, ${owner}; set it to one of the relay's own, such as ${example}`];
}

/** Who else is in a namespace, in words that follow its name; undefined where nobody is known to be. */
function ownerOf(
  namespace: string,
  flux: FluxSettings,
  gitlab: GitLabSettings | undefined,
): string | undefined {
  if (namespace === flux.namespace) return "where Flux runs";
  if (namespace === "default" || namespace.startsWith("kube-")) return "which is the cluster's";
  if (flux.installation === "shared" && namespace === DEFAULT_RELAY_NAMESPACE)
    return "which belongs to the stack that patches Flux";
  const decryptor = Object.entries(flux.decryptors).find(([, account]) => account.namespace === namespace);
  if (decryptor) return `where flux.decryptors.${decryptor[0]} is`;
  const target = Object.entries(flux.kustomizations).find(([, to]) => to.targetNamespace === namespace);
  if (target) return `where flux.kustomizations.${target[0]} puts its objects`;
  return gitlab?.app?.namespace === namespace ? "where gitlab.app puts its Secrets" : undefined;
}
