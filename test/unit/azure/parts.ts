import { AzureVault } from "../../../components/azure/azure-vault";
import { RelayStorage } from "../../../components/azure/relay-storage";

/** What components take from each other, in their smallest form. */
export const PLACE = { resourceGroupName: "rg-sops", location: "westeurope", tags: { env: "prod" } };
export const SUBSCRIPTION = "the-subscription";

export function someVault(region = "weu"): AzureVault {
  return new AzureVault(`azure-${region}`, {
    place: PLACE,
    vaultName: `kv-sops-${region}`,
    tenantId: "the-tenant",
    premium: false,
    allowedIps: ["203.0.113.7"],
    allowedSubnets: [],
    recover: false,
    protect: true,
  });
}

export function someStorage(functionApp = true): RelayStorage {
  return new RelayStorage("azure-storage", {
    place: PLACE,
    accountName: "stsops",
    allowedIps: ["203.0.113.7"],
    allowedSubnets: ["the-subnet"],
    functionApp,
  });
}
