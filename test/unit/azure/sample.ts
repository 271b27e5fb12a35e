import { gitlabConfig } from "../gitlab/sample";

const SUBSCRIPTION = "11111111-1111-1111-1111-111111111111";
const NETWORK = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-net/providers/Microsoft.Network`;

export const SUBNET = `${NETWORK}/virtualNetworks/hub/subnets/relay`;
export const RUNNERS = `${NETWORK}/virtualNetworks/hub/subnets/runners`;
export const NODES = `${NETWORK}/virtualNetworks/hub/subnets/nodes`;
export const ZONE = `${NETWORK}/privateDnsZones/privatelink.vaultcore.azure.net`;
export const WORKSPACE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/logs`;

/** The azure section with every required key and nothing else. */
export function smallestAzure(changes: object = {}): Record<string, unknown> {
  return {
    subscriptionId: SUBSCRIPTION,
    tenantId: "22222222-2222-2222-2222-222222222222",
    location: "westeurope",
    resourceGroup: "rg-sops-prod",
    name: "sops-prod",
    vaults: { weu: { name: "kv-sops-prod-weu" } },
    network: { allowedIps: ["203.0.113.0/24"] },
    flux: { issuer: "https://oidc.example.com/cluster/" },
    ...changes,
  };
}

/** All of Azure that can be on at once: two regions, a private endpoint, logs and a relay. */
export function fullAzure(changes: object = {}): Record<string, unknown> {
  return smallestAzure({
    tags: { env: "prod" },
    vaults: {
      weu: { name: "kv-sops-prod-weu" },
      neu: {
        name: "kv-sops-prod-neu",
        location: "northeurope",
        privateEndpoint: { subnetId: NODES, dnsZoneId: ZONE },
      },
    },
    network: { allowedIps: ["203.0.113.0/24"], allowedSubnets: [NODES] },
    diagnostics: { workspaceId: WORKSPACE },
    relay: {
      name: "func-sops-prod",
      subnetId: SUBNET,
      storageAccount: "stsopsprod",
      package: "test/unit/azure/function.zip",
    },
    ...changes,
  });
}

/** The sample config of the GitLab half, and all of Azure beside it. A function app takes no CA of one's own. */
export function azureConfig(changes: object = {}): Record<string, unknown> {
  const azure = fullAzure(changes);
  const { relay } = azure as { relay?: { name?: string } };
  return { ...gitlabConfig(relay?.name === undefined ? {} : { ca: undefined }), azure };
}

/** A relay in the program's own cluster. */
export const RELAY_IN_CLUSTER = {
  url: "https://relay.example.com",
  storageAccount: "stsopsprod",
  deployment: { image: `registry.example.com/platform/sopsloop@sha256:${"0123456789abcdef".repeat(4)}` },
};

/** Whether a resource of the program is Azure's, a component of it, or its provider. */
export function ours({ type }: { readonly type: string }): boolean {
  return /azure/i.test(type);
}
