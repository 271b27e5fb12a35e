import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { oneDeploy } from "../../../components/azure/one-deploy";
import { build } from "../harness";

class Parent extends pulumi.ComponentResource {
  constructor() {
    super("sopsloop:test:Parent", "parent");
    oneDeploy(
      this,
      "azure-relay",
      {
        resourceGroupName: "rg-sops",
        appName: "func-sops",
        accountId: "the-account",
        blobUrl: "https://stsops.blob.core.windows.net/packages/relay.zip",
        blobPath: "/blob/stsops/packages/relay.zip",
        sha256: "0123456789abcdef",
      },
      [],
    );
  }
}

test("Azure signs the package's URL itself, for an hour and for reading: no signature stands in the state", async () => {
  const { children } = await build(() => new Parent());
  const deployment = children.find(({ type }) => type === "azure-native:resources:Deployment");
  expect(deployment?.inputs).toMatchInlineSnapshot(`
    {
      "deploymentName": "azure-relay-0123456789abcdef",
      "properties": {
        "mode": "Incremental",
        "parameters": {
          "accountId": {
            "value": "the-account",
          },
          "app": {
            "value": "func-sops",
          },
          "blobPath": {
            "value": "/blob/stsops/packages/relay.zip",
          },
          "blobUrl": {
            "value": "https://stsops.blob.core.windows.net/packages/relay.zip",
          },
        },
        "template": {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "parameters": {
            "accountId": {
              "type": "string",
            },
            "app": {
              "type": "string",
            },
            "blobPath": {
              "type": "string",
            },
            "blobUrl": {
              "type": "string",
            },
            "until": {
              "defaultValue": "[dateTimeAdd(utcNow('u'), 'PT1H')]",
              "type": "string",
            },
          },
          "resources": [
            {
              "apiVersion": "2024-04-01",
              "name": "[concat(parameters('app'), '/onedeploy')]",
              "properties": {
                "packageUri": "[concat(parameters('blobUrl'), '?', listServiceSas(parameters('accountId'), '2023-05-01', variables('signature')).serviceSasToken)]",
                "remoteBuild": false,
              },
              "type": "Microsoft.Web/sites/extensions",
            },
          ],
          "variables": {
            "signature": {
              "canonicalizedResource": "[parameters('blobPath')]",
              "signedExpiry": "[parameters('until')]",
              "signedPermission": "r",
              "signedProtocol": "https",
              "signedResource": "b",
            },
          },
        },
      },
      "resourceGroupName": "rg-sops",
    }
  `);
});
