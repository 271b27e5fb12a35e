import { Deployment } from "@pulumi/azure-native/resources/deployment";
import type * as pulumi from "@pulumi/pulumi";

export interface OneDeployArgs {
  readonly resourceGroupName: string;
  readonly appName: pulumi.Input<string>;
  /** ARM id of the storage account that the package lies in. */
  readonly accountId: pulumi.Input<string>;
  readonly blobUrl: pulumi.Input<string>;
  /** `/blob/<account>/<container>/<blob>`, as a signature names it. */
  readonly blobPath: pulumi.Input<string>;
  /** Hash of the package: another package is another deployment. */
  readonly sha256: string;
}

const SIGNATURE = {
  canonicalizedResource: "[parameters('blobPath')]",
  signedResource: "b",
  signedPermission: "r",
  signedProtocol: "https",
  signedExpiry: "[parameters('until')]",
};

/** Azure makes the signature itself, for an hour and at the moment of deployment: it is in no state, and no preview sees it change. */
const TEMPLATE = {
  $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  contentVersion: "1.0.0.0",
  parameters: {
    app: { type: "string" },
    accountId: { type: "string" },
    blobUrl: { type: "string" },
    blobPath: { type: "string" },
    until: { type: "string", defaultValue: "[dateTimeAdd(utcNow('u'), 'PT1H')]" },
  },
  variables: { signature: SIGNATURE },
  resources: [
    {
      type: "Microsoft.Web/sites/extensions",
      apiVersion: "2024-04-01",
      name: "[concat(parameters('app'), '/onedeploy')]",
      properties: {
        packageUri:
          "[concat(parameters('blobUrl'), '?', listServiceSas(parameters('accountId'), '2023-05-01', variables('signature')).serviceSasToken)]",
        remoteBuild: false,
      },
    },
  ],
};

/**
 * Has Azure take a package as the app's code. A Flex Consumption app runs what this one call hands it, and ignores a package that is merely
 * put into its container.
 */
export function oneDeploy(
  parent: pulumi.Resource,
  name: string,
  args: OneDeployArgs,
  dependsOn: readonly pulumi.Resource[],
): Deployment {
  const { appName, accountId, blobUrl, blobPath } = args;
  return new Deployment(
    `${name}-code`,
    {
      resourceGroupName: args.resourceGroupName,
      deploymentName: `${name}-${args.sha256.slice(0, 16)}`,
      properties: {
        mode: "Incremental",
        template: TEMPLATE,
        parameters: {
          app: { value: appName },
          accountId: { value: accountId },
          blobUrl: { value: blobUrl },
          blobPath: { value: blobPath },
        },
      },
    },
    { parent, dependsOn: [...dependsOn] },
  );
}
