import { expect, test } from "vitest";
import { PROJECTS } from "../../gitlab/sample";
import { runProgram } from "../../program";
import { azureConfig, fullAzure, NODES, RUNNERS, SUBNET } from "../sample";

const options = { gitlab: PROJECTS };

test("who may reach the relay's storage alone reaches no vault, and is named there once", async () => {
  const { relay } = fullAzure() as { relay: object };
  const config = azureConfig({
    relay: { ...relay, allowedIps: ["203.0.113.0/24", "198.51.100.7"], allowedSubnets: [RUNNERS, NODES] },
  });
  const { children } = await runProgram(config, options);
  const [account] = children.filter(({ type }) => type.endsWith(":StorageAccount"));
  expect(account?.inputs.networkRuleSet).toEqual({
    bypass: "AzureServices",
    defaultAction: "Deny",
    ipRules: ["203.0.113.0/24", "198.51.100.7"].map((iPAddressOrRange) => ({
      iPAddressOrRange,
      action: "Allow",
    })),
    virtualNetworkRules: [NODES, RUNNERS, SUBNET].map((virtualNetworkResourceId) => ({
      virtualNetworkResourceId,
      action: "Allow",
    })),
  });
  const vaults = children.filter(({ type }) => type === "azure-native:keyvault:Vault");
  expect(vaults).toHaveLength(2);
  for (const { inputs } of vaults)
    expect(JSON.stringify(inputs)).not.toMatch(/198\.51\.100\.7|subnets\/runners/);
});

test("a vault that is reached by its private endpoint alone stays closed, whoever uploads the relay's code", async () => {
  const { relay } = fullAzure() as { relay: object };
  const config = azureConfig({
    vaults: { weu: { name: "kv-sops-prod-weu", privateEndpoint: { subnetId: NODES } } },
    network: undefined,
    relay: { ...relay, allowedIps: ["198.51.100.7"] },
  });
  const { children } = await runProgram(config, options);
  const [vault] = children.filter(({ type }) => type === "azure-native:keyvault:Vault");
  expect(vault?.inputs.properties).toMatchObject({
    publicNetworkAccess: "Disabled",
    networkAcls: { defaultAction: "Deny", ipRules: [], virtualNetworkRules: [] },
  });
});
