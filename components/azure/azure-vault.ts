import { Vault } from "@pulumi/azure-native/keyvault/vault";
import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting";
import { PrivateDnsZoneGroup } from "@pulumi/azure-native/network/privateDnsZoneGroup";
import { PrivateEndpoint } from "@pulumi/azure-native/network/privateEndpoint";
import * as pulumi from "@pulumi/pulumi";
import type { AzurePlace } from "./place";

/** A way into the vault from a virtual network, past its firewall. */
export interface VaultEndpoint {
  /** ARM id of the subnet it gets an address in. */
  readonly subnetId: string;
  /** Region of that subnet's network, which the endpoint has to be in; absent where it is the vault's. */
  readonly location?: string | undefined;
  /** ARM id of the zone `privatelink.vaultcore.azure.net`; absent where somebody else sees to DNS. */
  readonly dnsZoneId?: string | undefined;
}

export interface AzureVaultArgs {
  /** The location is the vault's own. */
  readonly place: AzurePlace;
  /** Unique among all vaults of Azure. */
  readonly vaultName: string;
  readonly tenantId: string;
  /** Whether it may hold keys of hardware security modules. */
  readonly premium: boolean;
  /** Public IPv4 addresses and ranges that may reach it; nobody else may. */
  readonly allowedIps: readonly string[];
  /** ARM ids of subnets that may, over the service endpoint Microsoft.KeyVault. */
  readonly allowedSubnets: readonly string[];
  readonly privateEndpoint?: VaultEndpoint | undefined;
  /** ARM id of the Log Analytics workspace that every use of a key is told to; absent for none. */
  readonly workspaceId?: string | undefined;
  /** Bring a deleted vault of the name back, with all that it held. */
  readonly recover: boolean;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
}

/** Azure's most: what was deleted can be brought back for as long. */
const KEPT_DAYS = 90;

/** A Key Vault: who may do what is said by role assignments alone, and nothing in it can be purged before its time. */
export class AzureVault extends pulumi.ComponentResource {
  /** ARM id. */
  public readonly vaultId: pulumi.Output<string>;
  /** Name, such as `kv-sops-prod`. */
  public readonly vaultName: pulumi.Output<string>;
  /** The vault itself: what lies in it goes and comes back with it. */
  public readonly resource: pulumi.Resource;

  constructor(name: string, args: AzureVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:azure:AzureVault", name, {}, opts);

    const vault = new Vault(
      `${name}-vault`,
      { ...args.place, vaultName: args.vaultName, properties: propertiesOf(args) },
      { parent: this, protect: args.protect },
    );
    if (args.privateEndpoint) privateEndpoint(this, name, args, args.privateEndpoint, vault);
    if (args.workspaceId !== undefined)
      new DiagnosticSetting(
        `${name}-audit`,
        {
          name: "audit",
          resourceUri: vault.id,
          workspaceId: args.workspaceId,
          logs: [{ category: "AuditEvent", enabled: true }],
        },
        { parent: this },
      );

    this.resource = vault;
    this.vaultId = vault.id;
    this.vaultName = vault.name;
    this.registerOutputs({ vaultId: this.vaultId, vaultName: this.vaultName });
  }
}

function propertiesOf(args: AzureVaultArgs) {
  const { allowedIps, allowedSubnets } = args;
  const open = allowedIps.length + allowedSubnets.length > 0;
  return {
    tenantId: args.tenantId,
    sku: { family: "A", name: args.premium ? "premium" : "standard" } as const,
    // Left out, this version of the API has access policies, which whoever may write the vault may give to himself.
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: KEPT_DAYS,
    enablePurgeProtection: true,
    publicNetworkAccess: open ? "Enabled" : "Disabled",
    networkAcls: {
      bypass: "None",
      defaultAction: "Deny",
      ipRules: allowedIps.map((value) => ({ value })),
      virtualNetworkRules: allowedSubnets.map((id) => ({ id })),
    },
    ...(args.recover && { createMode: "recover" as const }),
  };
}

function privateEndpoint(
  parent: pulumi.Resource,
  name: string,
  { place, vaultName }: AzureVaultArgs,
  { subnetId, location = place.location, dnsZoneId }: VaultEndpoint,
  vault: Vault,
) {
  const endpoint = new PrivateEndpoint(
    `${name}-endpoint`,
    {
      ...place,
      location,
      privateEndpointName: `${vaultName}-endpoint`,
      subnet: { id: subnetId },
      privateLinkServiceConnections: [
        { name: vaultName, privateLinkServiceId: vault.id, groupIds: ["vault"] },
      ],
    },
    { parent },
  );
  if (dnsZoneId === undefined) return;
  new PrivateDnsZoneGroup(
    `${name}-dns`,
    {
      resourceGroupName: place.resourceGroupName,
      privateEndpointName: endpoint.name,
      privateDnsZoneGroupName: "default",
      privateDnsZoneConfigs: [{ name: "vaultcore", privateDnsZoneId: dnsZoneId }],
    },
    { parent },
  );
}
