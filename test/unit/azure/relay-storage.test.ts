import { expect, test } from "vitest";
import { build, childrenOf, outputsOf } from "../harness";
import { AZURE_COMPUTED } from "./computed";
import { someStorage } from "./parts";

const computed = AZURE_COMPUTED;

test("for a function app: dead letters, claims, its code and what it is to become", async () => {
  expect(await childrenOf(() => someStorage(), { computed })).toMatchInlineSnapshot(`
    [
      "azure-native:storage:BlobContainer azure-storage-dead-letters {"accountName":"stsops","containerName":"dead-letters","publicAccess":"None","resourceGroupName":"rg-sops"}",
      "azure-native:storage:BlobContainer azure-storage-deployments {"accountName":"stsops","containerName":"deployments","publicAccess":"None","resourceGroupName":"rg-sops"}",
      "azure-native:storage:BlobContainer azure-storage-packages {"accountName":"stsops","containerName":"packages","publicAccess":"None","resourceGroupName":"rg-sops"}",
      "azure-native:storage:StorageAccount azure-storage-account {"accountName":"stsops","allowBlobPublicAccess":false,"allowCrossTenantReplication":false,"allowSharedKeyAccess":true,"defaultToOAuthAuthentication":true,"enableHttpsTrafficOnly":true,"isLocalUserEnabled":false,"kind":"StorageV2","location":"westeurope","minimumTlsVersion":"TLS1_2","networkRuleSet":{"bypass":"AzureServices","defaultAction":"Deny","ipRules":[{"action":"Allow","iPAddressOrRange":"203.0.113.7"}],"virtualNetworkRules":[{"action":"Allow","virtualNetworkResourceId":"the-subnet"}]},"resourceGroupName":"rg-sops","sku":{"name":"Standard_LRS"},"tags":{"env":"prod"}}",
      "azure-native:storage:Table azure-storage-claims {"accountName":"stsops","resourceGroupName":"rg-sops","tableName":"claims"}",
    ]
  `);
});

test("for a relay elsewhere: dead letters alone, and nobody signs with the account's key", async () => {
  const lines = await childrenOf(() => someStorage(false), { computed });
  expect(lines.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    "azure-native:storage:BlobContainer azure-storage-dead-letters",
    "azure-native:storage:StorageAccount azure-storage-account",
  ]);
  expect(lines[1]).toContain('"allowSharedKeyAccess":false');
});

test("registers where things are, without a slash at the end; a preview makes the same", async () => {
  expect(await outputsOf(() => someStorage(), { computed })).toMatchInlineSnapshot(`
    {
      "accountId": "azure-storage-account-id",
      "accountName": "stsops",
      "blobUrl": "https://stsops.blob.core.windows.net",
      "deadLetters": "dead-letters",
      "deadLettersId": "azure-storage-dead-letters-id",
    }
  `);
  const urns = async (preview: boolean) =>
    (await build(() => someStorage(), { computed, preview })).children.map(({ urn }) => urn);
  expect(await urns(true)).toEqual(await urns(false));
});
