import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import { Table } from "@pulumi/azure-native/storage/table";
import * as pulumi from "@pulumi/pulumi";
import type { AzurePlace } from "./place";

export interface RelayStorageArgs {
  readonly place: AzurePlace;
  /** Unique among all storage accounts of Azure. */
  readonly accountName: string;
  /** Public IPv4 addresses and ranges that may reach it, the deployer's among them; one that is named twice counts once. */
  readonly allowedIps: readonly string[];
  /** ARM ids of subnets that may, over the service endpoint Microsoft.Storage. */
  readonly allowedSubnets: readonly string[];
  /** Whether a function app keeps its code and its claims here, beside the dead letters. */
  readonly functionApp: boolean;
}

/** Places in the account that a function app works with. */
export interface AppStorage {
  /** Container that Azure keeps the app's code in. */
  readonly deployments: pulumi.Output<string>;
  /** Container that packages are uploaded to. */
  readonly packages: pulumi.Output<string>;
  /** Table of what was dealt with: `https://<account>.table.core.windows.net/claims`. */
  readonly claimsUrl: pulumi.Output<string>;
}

const CLAIMS = "claims";

/** What outlives a request: events that nobody took, and the relay's own memory. */
export class RelayStorage extends pulumi.ComponentResource {
  /** ARM id. */
  public readonly accountId: pulumi.Output<string>;
  public readonly accountName: pulumi.Output<string>;
  /** `https://<account>.blob.core.windows.net`, without a slash at its end. */
  public readonly blobUrl: pulumi.Output<string>;
  /** Name of the container of events that could not be delivered. */
  public readonly deadLetters: pulumi.Output<string>;
  /** ARM id of that container. */
  public readonly deadLettersId: pulumi.Output<string>;
  /** Absent without a function app. */
  public readonly app: AppStorage | undefined;

  constructor(name: string, args: RelayStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:azure:RelayStorage", name, {}, opts);

    const { resourceGroupName } = args.place;
    const account = new StorageAccount(
      `${name}-account`,
      {
        ...args.place,
        accountName: args.accountName,
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: "TLS1_2",
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        defaultToOAuthAuthentication: true,
        isLocalUserEnabled: false,
        // Azure fetches an app's new package by a signed URL, which only the account's key can sign. Nobody is given the key.
        allowSharedKeyAccess: args.functionApp,
        networkRuleSet: {
          // Event Grid is one of them, and comes with an identity of its own.
          bypass: "AzureServices",
          defaultAction: "Deny",
          ipRules: [...new Set(args.allowedIps)].map((iPAddressOrRange) => ({
            iPAddressOrRange,
            action: "Allow" as const,
          })),
          virtualNetworkRules: [...new Set(args.allowedSubnets)].map((virtualNetworkResourceId) => ({
            virtualNetworkResourceId,
            action: "Allow" as const,
          })),
        },
      },
      { parent: this },
    );
    const place = { resourceGroupName, accountName: account.name };
    const container = (containerName: string) =>
      new BlobContainer(
        `${name}-${containerName}`,
        { ...place, containerName, publicAccess: "None" },
        { parent: this },
      );
    const deadLetters = container("dead-letters");
    const app = () => {
      const table = new Table(`${name}-${CLAIMS}`, { ...place, tableName: CLAIMS }, { parent: this });
      const claimsUrl = pulumi
        .all([account.primaryEndpoints, table.id])
        .apply(([endpoints]) => `${endpoints.table}${CLAIMS}`);
      return { deployments: container("deployments").name, packages: container("packages").name, claimsUrl };
    };

    this.accountId = account.id;
    this.accountName = account.name;
    this.blobUrl = account.primaryEndpoints.apply(({ blob }) => blob.replace(/\/+$/, ""));
    this.deadLetters = deadLetters.name;
    this.deadLettersId = deadLetters.id;
    this.app = args.functionApp ? app() : undefined;
    this.registerOutputs({
      accountId: this.accountId,
      accountName: this.accountName,
      blobUrl: this.blobUrl,
      deadLetters: this.deadLetters,
      deadLettersId: this.deadLettersId,
    });
  }
}
