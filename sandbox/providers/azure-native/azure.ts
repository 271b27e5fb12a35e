import { ArmClient } from "./arm/arm-client";
import { ResourceGroupLocations } from "./arm/resource-group-locations";
import { BlobStore } from "./data/blob-store";
import { KeyVaultClient } from "./data/key-vault-client";
import { AzureHttp } from "./http/azure-http";
import { mapIn } from "./http/json";
import { type Cloud, cloudIn } from "./login/clouds";
import { EntraLogin } from "./login/entra-login";
import type { Settings } from "./login/settings";

/** Azure as one provider reaches it: one login, one subscription, and the three services it talks to. */
export interface Azure {
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly arm: ArmClient;
  readonly keyVault: KeyVaultClient;
  readonly blobs: BlobStore;
  readonly locations: ResourceGroupLocations;
  /** Ends what is still waiting. */
  stop(): void;
}

/** Asks for nothing yet but, where there is a metadata host, what its cloud is. */
export async function openAzure(settings: Settings): Promise<Azure> {
  const http = new AzureHttp(settings.ca);
  const cloud = settings.cloud instanceof URL ? await cloudAt(settings.cloud, http) : settings.cloud;
  const login = new EntraLogin(http, settings, cloud);
  const arm = new ArmClient(http, login, cloud);
  const { subscriptionId, clientId, tenantId } = settings;
  return {
    subscriptionId,
    clientId,
    tenantId,
    arm,
    keyVault: new KeyVaultClient(http, login, cloud),
    blobs: new BlobStore(http, arm, cloud),
    locations: new ResourceGroupLocations(arm, subscriptionId, settings.location),
    stop: () => http.stop(),
  };
}

async function cloudAt(host: URL, http: AzureHttp): Promise<Cloud> {
  const url = new URL("/metadata/endpoints?api-version=2022-09-01", host);
  const doing = "tell what its cloud is";
  const answer = await http.send({ method: "GET", url, headers: { Accept: "application/json" }, doing });
  if (answer.status !== 200)
    throw new Error(`${host.host} refused to ${doing} (${answer.status}); see metadataHost`);
  return cloudIn(mapIn(answer), host.host);
}
