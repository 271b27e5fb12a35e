import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting";
import { Blob } from "@pulumi/azure-native/storage/blob";
import { AppServicePlan } from "@pulumi/azure-native/web/appServicePlan";
import { WebApp } from "@pulumi/azure-native/web/webApp";
import { WebAppScmAllowed } from "@pulumi/azure-native/web/webAppScmAllowed";
import * as pulumi from "@pulumi/pulumi";
import type { AzureVault } from "./azure-vault";
import { functionAppConfig, hostSettings } from "./function-app-config";
import { oneDeploy } from "./one-deploy";
import type { AzurePlace } from "./place";
import type { RelayPackage } from "./relay-package";
import { RelaySecrets } from "./relay-secrets";
import type { AppStorage, RelayStorage } from "./relay-storage";
import { roleAssignment, roleId } from "./role-assignment";

export interface RotationRelayArgs {
  readonly place: AzurePlace;
  readonly subscriptionId: string;
  /** First part of the names of what is not unique in all of Azure. */
  readonly prefix: string;
  /** Name of the app, and of its host in azurewebsites.net. */
  readonly appName: string;
  /** ARM id of a subnet of the app's own, delegated to Microsoft.App/environments, which vault and storage let in. */
  readonly subnetId: string;
  readonly storage: RelayStorage;
  /** The same with what an app needs there. */
  readonly appStorage: AppStorage;
  /** The vault that its secrets are kept in. */
  readonly vault: AzureVault;
  readonly package: RelayPackage;
  /** When its secrets are to be replaced, in seconds since 1970. */
  readonly secretsExpire?: number | undefined;
  /** ARM id of the Log Analytics workspace that the app's log goes to; absent for none. */
  readonly workspaceId?: string | undefined;
  /** Environment variables that are no secrets. */
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secrets by environment variable, with the name that each gets in the vault. */
  readonly secrets: Readonly<
    Record<string, { readonly name: string; readonly value: pulumi.Output<string> }>
  >;
}

/** Built-in roles for its own memory: "Storage Blob Data Owner" is what the Functions host asks for. */
const STORAGE_ROLES = {
  blobs: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  tables: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
} as const;

/** The relay as a function app of the plan Flex Consumption: it may start pipelines, and it may not touch the key. */
export class RotationRelay extends pulumi.ComponentResource {
  /** `https://<host>`, once the app runs its code. */
  public readonly url: pulumi.Output<string>;
  /** Client id of the relay's identity. */
  public readonly clientId: pulumi.Output<string>;

  constructor(name: string, args: RotationRelayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:azure:RotationRelay", name, {}, opts);

    const { place, prefix, subscriptionId, storage, appStorage } = args;
    const { resourceGroupName } = place;
    const identity = new UserAssignedIdentity(
      `${name}-identity`,
      { ...place, resourceName: `${prefix}-relay` },
      { parent: this },
    );
    const grants = Object.entries(STORAGE_ROLES).map(([what, guid]) =>
      roleAssignment(this, `${name}-may-keep-${what}`, {
        principalId: identity.principalId,
        roleDefinitionId: roleId(subscriptionId, guid),
        scope: storage.accountId,
      }),
    );
    const secrets = new RelaySecrets(
      name,
      {
        ...{ resourceGroupName, subscriptionId, vault: args.vault, reader: identity.principalId },
        expire: args.secretsExpire,
        values: Object.fromEntries(Object.values(args.secrets).map((secret) => [secret.name, secret.value])),
      },
      { parent: this },
    );
    const references = Object.entries(args.secrets).map(
      ([variable, secret]) => [variable, secrets.references[secret.name] ?? ""] as const,
    );
    const plan = new AppServicePlan(
      `${name}-plan`,
      {
        ...place,
        name: `${prefix}-relay`,
        kind: "functionapp",
        reserved: true,
        sku: { name: "FC1", tier: "FlexConsumption" },
      },
      { parent: this },
    );
    const app = new WebApp(
      `${name}-app`,
      {
        ...place,
        name: args.appName,
        kind: "functionapp,linux",
        serverFarmId: plan.id,
        identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
        // Without it, the app looks its secrets up as a system identity, which it has not.
        keyVaultReferenceIdentity: identity.id,
        virtualNetworkSubnetId: args.subnetId,
        httpsOnly: true,
        clientAffinityEnabled: false,
        functionAppConfig: functionAppConfig(storage, appStorage, identity),
        siteConfig: {
          minTlsVersion: "1.2",
          ftpsState: "Disabled",
          appSettings: Object.entries({
            ...hostSettings(storage, identity),
            ...args.settings,
            RELAY_CLAIMS: appStorage.claimsUrl,
            ...Object.fromEntries(references),
          }).map(([setting, value]) => ({ name: setting, value })),
        },
      },
      // It reaches for storage and secrets as soon as it is made.
      { parent: this, dependsOn: grants },
    );
    // Nobody deploys code by user name and password; by FTP neither.
    new WebAppScmAllowed(
      `${name}-no-passwords`,
      { resourceGroupName, name: app.name, allow: false },
      { parent: this },
    );
    if (args.workspaceId !== undefined)
      new DiagnosticSetting(
        `${name}-log`,
        {
          name: "log",
          resourceUri: app.id,
          workspaceId: args.workspaceId,
          logs: [{ category: "FunctionAppLogs", enabled: true }],
        },
        { parent: this },
      );
    const blobName = `relay-${args.package.sha256}.zip`;
    const blob = new Blob(
      `${name}-package`,
      {
        resourceGroupName,
        accountName: storage.accountName,
        containerName: appStorage.packages,
        blobName,
        contentType: "application/zip",
        source: new pulumi.asset.FileAsset(args.package.path),
      },
      { parent: this },
    );
    const code = oneDeploy(
      this,
      name,
      {
        resourceGroupName,
        appName: app.name,
        accountId: storage.accountId,
        blobUrl: pulumi.interpolate`${storage.blobUrl}/${appStorage.packages}/${blobName}`,
        blobPath: pulumi.interpolate`/blob/${storage.accountName}/${appStorage.packages}/${blobName}`,
        sha256: args.package.sha256,
      },
      [app, blob],
    );

    this.url = pulumi.all([app.defaultHostName, code.id]).apply(([host]) => `https://${host}`);
    this.clientId = identity.clientId;
    this.registerOutputs({ url: this.url, clientId: this.clientId });
  }
}
