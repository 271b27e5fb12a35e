import type { Provider } from "@pulumi/azure-native/provider";
import * as pulumi from "@pulumi/pulumi";
import { AzureKey } from "./azure/azure-key";
import { AzureVault } from "./azure/azure-vault";
import { vaultNameIsFree } from "./azure/deleted-vault";
import { type AzurePlace, resourceGroupId } from "./azure/place";
import type { Config } from "./config";
import { configPath } from "./config/problems";

export type AzureConfig = Config & { readonly azure: NonNullable<Config["azure"]> };

/** A region's vault with its key. */
export interface RegionalKey {
  /** Key of the vault in the config. */
  readonly region: string;
  readonly place: AzurePlace;
  readonly vault: AzureVault;
  readonly key: AzureKey;
}

/** Before anything is made. A preview does without: it makes nothing, and has no time for another look at Azure. */
export async function vaultNamesAreFree({ azure }: AzureConfig, provider: Provider): Promise<void> {
  if (pulumi.runtime.isDryRun()) return;
  const { subscriptionId } = azure;
  const looks = Object.entries(azure.vaults).map(
    ([region, { name: vaultName, recover, location = azure.location }]) => {
      const path = configPath(["azure", "vaults", region]);
      return vaultNameIsFree({ subscriptionId, location, vaultName, recover, path }, provider);
    },
  );
  await Promise.all(looks);
}

/** A vault with a key for each region of the config: either key decrypts. */
export function regionalKeys(
  { azure }: AzureConfig,
  place: AzurePlace,
  options: pulumi.ComponentResourceOptions,
): readonly RegionalKey[] {
  return Object.keys(azure.vaults).map((region) => regionalKey(azure, region, place, options));
}

function regionalKey(
  azure: AzureConfig["azure"],
  region: string,
  shared: AzurePlace,
  options: pulumi.ComponentResourceOptions,
): RegionalKey {
  const settings = azure.vaults[region];
  if (!settings) throw new Error(`no vault ${region}`);
  const { name: vaultName, recover, location = azure.location } = settings;
  const { key, network, relay } = azure;
  const place = { ...shared, location };
  // The relay's app fetches its secrets from its own subnet, since Key Vault does not count it among the services that it trusts. Where the
  // vault has a private endpoint, it takes that: a subnet's rule needs a vault that answers the internet.
  const app =
    relay && "functionApp" in relay && secretsRegion(azure) === region ? relay.functionApp : undefined;
  const relaySubnets = app && !settings.privateEndpoint ? [app.subnetId] : [];
  const vault = new AzureVault(
    `azure-${region}`,
    {
      place,
      vaultName,
      tenantId: azure.tenantId,
      premium: key.hsm,
      allowedIps: network.allowedIps,
      allowedSubnets: [...network.allowedSubnets, ...relaySubnets],
      privateEndpoint: settings.privateEndpoint,
      workspaceId: azure.diagnostics?.workspaceId,
      recover,
      protect: key.protect,
    },
    options,
  );
  const made = new AzureKey(
    `azure-${region}`,
    {
      resourceGroupName: place.resourceGroupName,
      vault,
      key: key.name,
      size: key.size,
      hsm: key.hsm,
      rotation: key.rotation,
      protect: key.protect,
      ...(recover && {
        recovered: `${resourceGroupId(azure.subscriptionId, place)}/providers/Microsoft.KeyVault/vaults/${vaultName}/keys/${key.name}`,
      }),
    },
    options,
  );
  return { region, place, vault, key: made };
}

/** The vault that keeps the relay's secrets. */
export function secretsRegion({ relay, vaults }: AzureConfig["azure"]): string {
  return relay?.vault ?? Object.keys(vaults)[0] ?? "";
}
