import { getClientToken } from "@pulumi/azure-native/authorization/getClientToken";
import * as pulumi from "@pulumi/pulumi";
import { get } from "../http/get";

/** The name of a vault that is about to be made. */
export interface WantedVault {
  readonly subscriptionId: string;
  readonly location: string;
  readonly vaultName: string;
  /** Whether a deleted one of the name is to be brought back. */
  readonly recover: boolean;
  /** Config key of the vault, such as `sopsloop:azure.vaults.weu`. */
  readonly path: string;
}

const ARM = "https://management.azure.com";
const API_VERSION = "2024-11-01";
const TIMEOUT_MS = 10_000;

/**
 * Looks whether a deleted vault still holds the name: with purge protection it does for 90 days, and Azure's own refusal names neither
 * the setting nor the date. The SDK has no look-up for that. Where it is refused, Azure's own refusal has to do.
 */
export async function vaultNameIsFree(
  wanted: WantedVault,
  provider: pulumi.ProviderResource,
  send: typeof get = get,
): Promise<void> {
  const found = await lookUp(wanted, provider, send);
  if (found === undefined) return;
  const { vaultName, recover, path } = wanted;
  if (found === "none") {
    if (!recover) return;
    throw new pulumi.RunError(
      `${path}.recover: is true, but no deleted vault has the name ${vaultName}; remove it`,
    );
  }
  if (recover) return;
  throw new pulumi.RunError(
    `${path}.name: is ${vaultName}, which a deleted vault holds until ${found.purge}; set ${path}.recover to true to bring it back with its keys, or choose another name`,
  );
}

type Found = "none" | { readonly purge: string } | undefined;

async function lookUp(
  { subscriptionId, location, vaultName }: WantedVault,
  provider: pulumi.ProviderResource,
  send: typeof get,
): Promise<Found> {
  try {
    const { token } = await getClientToken({}, { provider });
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${vaultName}`;
    const { status, text } = await send(`${ARM}${path}?api-version=${API_VERSION}`, {
      headers: { Authorization: `Bearer ${token}` },
      timeoutMs: TIMEOUT_MS,
    });
    if (status === 404) return "none";
    return status === 200 ? { purge: purgeDateIn(text) } : undefined;
  } catch {
    return undefined;
  }
}

function purgeDateIn(text: string): string {
  const { properties } = JSON.parse(text) as { properties?: { scheduledPurgeDate?: string } };
  return properties?.scheduledPurgeDate ?? "its purge";
}
