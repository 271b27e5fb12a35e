import { fluxIdentityName } from "../azure/identity-names";
import { CONTROLLER } from "../flux/controller-patch";
import type { AzureSettings } from "./azure";
import type { FluxSettings } from "./flux";
import { configPath } from "./problems";
import type { VaultSettings } from "./vault";

/** The sections that the azure section is about, where they were read without an error. */
export interface AroundAzure {
  readonly vault?: VaultSettings | undefined;
  readonly flux?: FluxSettings | undefined;
}

/** What the azure section alone cannot tell. */
export function azureChecks(azure: AzureSettings, { vault, flux }: AroundAzure): string[] {
  return [
    ...vaultChecks(azure),
    ...(vault ? issuerChecks(azure, vault) : []),
    ...(flux ? identityChecks(azure, flux) : []),
  ];
}

function vaultChecks({ vaults, network }: AzureSettings): string[] {
  const owners = new Map<string, string>();
  const open = network.allowedIps.length + network.allowedSubnets.length > 0;
  return Object.entries(vaults).flatMap(([key, { name, privateEndpoint }]) => {
    const path = configPath(["azure", "vaults", key]);
    const owner = owners.get(name);
    owners.set(name, owner ?? key);
    return [
      ...(owner
        ? [`${path}.name: is ${name}, which ${owner} is already; give each vault a name of its own`]
        : []),
      ...(open || privateEndpoint
        ? []
        : [
            `${path}: can be reached from nowhere; set azure.network.allowedIps or allowedSubnets, or a privateEndpoint here`,
          ]),
    ];
  });
}

/** The issuer of the cluster's tokens: as Entra is told it, else as Vault is. */
export function issuerOf(azure: AzureSettings, { auth }: VaultSettings): string | undefined {
  if (azure.flux.issuer !== undefined || auth.method !== "jwt") return azure.flux.issuer;
  return auth.issuer ?? ("discovery" in auth.keys ? auth.keys.discovery : undefined);
}

function issuerChecks(azure: AzureSettings, vault: VaultSettings): string[] {
  const issuer = issuerOf(azure, vault);
  const path = configPath(["azure", "flux", "issuer"]);
  if (issuer === undefined)
    return [
      `${path}: is missing; set it to the issuer of the cluster's tokens (kubectl get --raw /.well-known/openid-configuration), which Entra ID has to reach`,
    ];
  if (issuer.startsWith("https://")) return [];
  return [`${path}: is "${issuer}"; set it to the cluster's issuer, an https URL that Entra ID can reach`];
}

/** Azure's limit for the name of an identity. */
const LONGEST_IDENTITY = 128;

function identityChecks({ name, flux: settings }: AzureSettings, flux: FluxSettings): string[] {
  const accounts = Object.entries(flux.decryptors);
  const controller = accounts.some(
    ([, { namespace, serviceAccount }]) =>
      namespace === flux.namespace && serviceAccount === CONTROLLER.serviceAccount,
  );
  const longest = accounts.find(([, account]) => fluxIdentityName(name, account).length > LONGEST_IDENTITY);
  return [
    ...(settings.identity !== "account" && !controller
      ? [
          `${configPath(["azure", "flux", "identity"])}: is ${settings.identity}, which is about ${CONTROLLER.serviceAccount} in ${flux.namespace}, and that is none of flux.decryptors; remove it`,
        ]
      : []),
    ...(longest
      ? [
          `${configPath(["flux", "decryptors", longest[0]])}: is too long a name for an identity in Azure together with azure.name; at most ${LONGEST_IDENTITY} characters, so shorten the account's`,
        ]
      : []),
  ];
}
