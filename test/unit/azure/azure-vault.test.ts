import { describe, expect, test } from "vitest";
import { AzureVault, type AzureVaultArgs } from "../../../components/azure/azure-vault";
import { build, childrenOf, outputsOf } from "../harness";
import { AZURE_COMPUTED } from "./computed";
import { NODES, WORKSPACE, ZONE } from "./sample";

const args: AzureVaultArgs = {
  place: { resourceGroupName: "rg-sops", location: "westeurope", tags: { env: "prod" } },
  vaultName: "kv-sops",
  tenantId: "the-tenant",
  premium: false,
  allowedIps: ["203.0.113.7"],
  allowedSubnets: [],
  recover: false,
  protect: true,
};
const computed = AZURE_COMPUTED;
const make = (changes: Partial<AzureVaultArgs> = {}) => new AzureVault("azure-weu", { ...args, ...changes });
const propertiesOf = async (changes: Partial<AzureVaultArgs>) => {
  const { children } = await build(() => make(changes), { computed });
  return children.find(({ name }) => name === "azure-weu-vault")?.inputs.properties;
};

test("the smallest vault: roles, purge protection, ninety days, and nobody but who is named", async () => {
  expect(await childrenOf(() => make(), { computed })).toMatchInlineSnapshot(`
    [
      "azure-native:keyvault:Vault azure-weu-vault protected {"location":"westeurope","properties":{"enablePurgeProtection":true,"enableRbacAuthorization":true,"enableSoftDelete":true,"enabledForDeployment":false,"enabledForDiskEncryption":false,"enabledForTemplateDeployment":false,"networkAcls":{"bypass":"None","defaultAction":"Deny","ipRules":[{"value":"203.0.113.7"}],"virtualNetworkRules":[]},"publicNetworkAccess":"Enabled","sku":{"family":"A","name":"standard"},"softDeleteRetentionInDays":90,"tenantId":"the-tenant"},"resourceGroupName":"rg-sops","tags":{"env":"prod"},"vaultName":"kv-sops"}",
    ]
  `);
});

test("with everything: an endpoint in a subnet with its DNS, and every use of a key told", async () => {
  const all = { privateEndpoint: { subnetId: NODES, dnsZoneId: ZONE }, workspaceId: WORKSPACE };
  const [, ...others] = await childrenOf(() => make(all), { computed });
  expect(others).toMatchInlineSnapshot(`
    [
      "azure-native:monitor:DiagnosticSetting azure-weu-audit {"logs":[{"category":"AuditEvent","enabled":true}],"name":"audit","resourceUri":"azure-weu-vault-id","workspaceId":"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/logs"}",
      "azure-native:network:PrivateDnsZoneGroup azure-weu-dns {"privateDnsZoneConfigs":[{"name":"vaultcore","privateDnsZoneId":"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-net/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net"}],"privateDnsZoneGroupName":"default","privateEndpointName":"kv-sops-endpoint","resourceGroupName":"rg-sops"}",
      "azure-native:network:PrivateEndpoint azure-weu-endpoint {"location":"westeurope","privateEndpointName":"kv-sops-endpoint","privateLinkServiceConnections":[{"groupIds":["vault"],"name":"kv-sops","privateLinkServiceId":"azure-weu-vault-id"}],"resourceGroupName":"rg-sops","subnet":{"id":"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/hub/subnets/nodes","privateEndpointNetworkPolicies":"Disabled","privateLinkServiceNetworkPolicies":"Enabled"},"tags":{"env":"prod"}}",
    ]
  `);
});

describe("the vault's properties", () => {
  test("with an endpoint alone, there is no public way in", async () => {
    const found = await propertiesOf({ allowedIps: [], privateEndpoint: { subnetId: NODES } });
    expect(found).toMatchObject({
      publicNetworkAccess: "Disabled",
      networkAcls: { defaultAction: "Deny", bypass: "None", ipRules: [], virtualNetworkRules: [] },
    });
  });

  test("subnets come in by their ids", async () => {
    const found = await propertiesOf({ allowedIps: [], allowedSubnets: [NODES] });
    expect(found).toMatchObject({
      publicNetworkAccess: "Enabled",
      networkAcls: { virtualNetworkRules: [{ id: NODES }] },
    });
  });

  test("keys of hardware security modules need the premium kind", async () => {
    expect(await propertiesOf({ premium: true })).toMatchObject({ sku: { name: "premium" } });
  });

  test("a deleted vault is only brought back on request", async () => {
    expect(await propertiesOf({})).not.toHaveProperty("createMode");
    expect(await propertiesOf({ recover: true })).toMatchObject({ createMode: "recover" });
  });
});

test("an endpoint is in the region of its network, whatever the vault's", async () => {
  const lines = await childrenOf(
    () => make({ privateEndpoint: { subnetId: NODES, location: "northeurope" } }),
    { computed },
  );
  expect(lines.map((line) => /"location":"(\w+)"/.exec(line)?.[1])).toEqual(["westeurope", "northeurope"]);
});

test("an endpoint without a zone leaves DNS alone", async () => {
  const lines = await childrenOf(() => make({ privateEndpoint: { subnetId: NODES } }), { computed });
  expect(lines.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    "azure-native:keyvault:Vault azure-weu-vault",
    "azure-native:network:PrivateEndpoint azure-weu-endpoint",
  ]);
});

test("protection can be lifted", async () => {
  const { children } = await build(() => make({ protect: false }), { computed });
  expect(children.find(({ name }) => name === "azure-weu-vault")?.protect).toBe(false);
});

test("registers its id and name; a preview makes the same", async () => {
  expect(await outputsOf(() => make(), { computed })).toEqual({
    vaultId: "azure-weu-vault-id",
    vaultName: "kv-sops",
  });
  const everything = { privateEndpoint: { subnetId: NODES, dnsZoneId: ZONE }, workspaceId: WORKSPACE };
  const urns = async (preview: boolean) =>
    (await build(() => make(everything), { computed, preview })).children.map(({ urn }) => urn);
  expect(await urns(true)).toEqual(await urns(false));
});
