import { createHash } from "node:crypto";
import type { PlainMap } from "../../../../sandbox/providers/engine/resource-type";

/** What the inputs of a case are made of. */
export interface Place {
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Of the deployer. */
  readonly objectId: string;
  /** Path of a file with the text `BUNDLE`. */
  readonly bundle: string;
  /** ARM id of a resource in the group: `idOf("Microsoft.KeyVault/vaults", "kv-sops")`. */
  idOf(type: string, name: string): string;
  roleId(name: string): string;
}

export const BUNDLE = "the relay's bundle";

const GROUP = { resourceGroupName: "rg" };
const PLACED = { ...GROUP, location: "westeurope" };

export interface Case {
  readonly type: string;
  readonly inputs: (place: Place) => PlainMap;
  /** A change that needs no other resource; none for what cannot be changed. */
  readonly change?: () => PlainMap;
  /** What an import has otherwise: what Azure does not tell, and what it fills in. */
  readonly untold?: RegExp;
}

/** In the order of the program: each may lie in one before it. They are deleted in the other. */
export const CASES: readonly Case[] = [
  {
    type: "resources:ResourceGroup",
    inputs: () => ({ resourceGroupName: "rg", location: "westeurope" }),
    change: () => ({ tags: { env: "dev" } }),
  },
  {
    type: "keyvault:Vault",
    inputs: ({ tenantId }) => ({
      ...PLACED,
      vaultName: "kv-sops",
      properties: {
        tenantId: tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
        softDeleteRetentionInDays: 7,
        publicNetworkAccess: "Enabled",
        networkAcls: { bypass: "None", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
      },
    }),
    change: () => ({ tags: { env: "dev" } }),
    untold: /accessPolicies/,
  },
  {
    type: "keyvault:Key",
    inputs: () => ({
      ...GROUP,
      vaultName: "kv-sops",
      keyName: "sops",
      properties: {
        kty: "RSA",
        keySize: 2048,
        keyOps: ["encrypt", "decrypt"],
        rotationPolicy: {
          attributes: { expiryTime: "P1Y" },
          lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeAfterCreate: "P90D" } }],
        },
      },
    }),
    untold: /attributes|lifetimeActions\[1\]/,
  },
  {
    type: "keyvault:Secret",
    inputs: () => ({
      ...GROUP,
      vaultName: "kv-sops",
      secretName: "trigger",
      properties: { value: "glptt-of-the-test", contentType: "text/plain" },
    }),
    change: () => ({ properties: { value: "glptt-of-the-test-2", contentType: "text/plain" } }),
    untold: /properties\.(value|attributes)/,
  },
  {
    type: "managedidentity:UserAssignedIdentity",
    inputs: () => ({ ...PLACED, resourceName: "sops-flux" }),
    change: () => ({ tags: { env: "dev" } }),
  },
  {
    type: "managedidentity:FederatedIdentityCredential",
    inputs: () => ({
      ...GROUP,
      resourceName: "sops-flux",
      federatedIdentityCredentialResourceName: "kubernetes",
      issuer: "https://kubernetes.default.svc.cluster.local",
      subject: "system:serviceaccount:flux-system:kustomize-controller",
      audiences: ["api://AzureADTokenExchange"],
    }),
    change: () => ({ subject: "system:serviceaccount:apps:flux" }),
  },
  {
    type: "authorization:RoleDefinition",
    inputs: ({ subscriptionId }) => ({
      scope: `/subscriptions/${subscriptionId}/resourceGroups/rg`,
      roleDefinitionId: "aaaaaaaa-0000-4000-8000-000000000001",
      roleName: "sops decrypt",
      roleType: "CustomRole",
      assignableScopes: [`/subscriptions/${subscriptionId}/resourceGroups/rg`],
      permissions: [{ actions: [], dataActions: ["Microsoft.KeyVault/vaults/keys/decrypt/action"] }],
    }),
    change: () => ({ description: "decrypt data keys" }),
  },
  {
    type: "authorization:RoleAssignment",
    inputs: ({ idOf, roleId, objectId }) => ({
      scope: `${idOf("Microsoft.KeyVault/vaults", "kv-sops")}/keys/sops`,
      roleAssignmentName: "aaaaaaaa-0000-4000-8000-000000000002",
      principalId: objectId,
      principalType: "ServicePrincipal",
      roleDefinitionId: roleId("aaaaaaaa-0000-4000-8000-000000000001"),
    }),
    change: () => ({ description: "Flux decrypts" }),
  },
  {
    type: "monitor:DiagnosticSetting",
    inputs: ({ idOf }) => ({
      resourceUri: idOf("Microsoft.KeyVault/vaults", "kv-sops"),
      name: "audit",
      workspaceId: idOf("Microsoft.OperationalInsights/workspaces", "logs"),
      logs: [{ category: "AuditEvent", enabled: true }],
    }),
    change: () => ({ logs: [{ category: "AuditEvent", enabled: false }] }),
  },
  {
    type: "network:PrivateEndpoint",
    inputs: ({ idOf }) => ({
      ...PLACED,
      privateEndpointName: "kv-sops-endpoint",
      subnet: {
        id: `${idOf("Microsoft.Network/virtualNetworks", "net")}/subnets/default`,
        privateEndpointNetworkPolicies: "Disabled",
        privateLinkServiceNetworkPolicies: "Enabled",
      },
      privateLinkServiceConnections: [
        {
          name: "kv-sops",
          privateLinkServiceId: idOf("Microsoft.KeyVault/vaults", "kv-sops"),
          groupIds: ["vault"],
        },
      ],
    }),
    change: () => ({ tags: { env: "dev" } }),
    untold: /id$|State|subnet/,
  },
  {
    type: "network:PrivateDnsZoneGroup",
    inputs: ({ idOf }) => ({
      ...GROUP,
      privateEndpointName: "kv-sops-endpoint",
      privateDnsZoneGroupName: "default",
      privateDnsZoneConfigs: [
        {
          name: "vaultcore",
          privateDnsZoneId: idOf("Microsoft.Network/privateDnsZones", "privatelink.vaultcore.azure.net"),
        },
      ],
    }),
    untold: /^name$/,
  },
  {
    type: "storage:StorageAccount",
    inputs: () => ({
      ...PLACED,
      accountName: "strelay",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      minimumTlsVersion: "TLS1_2",
      allowBlobPublicAccess: false,
      enableHttpsTrafficOnly: true,
    }),
    change: () => ({ tags: { env: "dev" } }),
    untold: /allowSharedKeyAccess/,
  },
  {
    type: "storage:BlobContainer",
    inputs: () => ({ ...GROUP, accountName: "strelay", containerName: "code", publicAccess: "None" }),
    change: () => ({ metadata: { use: "relay" } }),
  },
  {
    type: "storage:Table",
    inputs: () => ({ ...GROUP, accountName: "strelay", tableName: "claims" }),
  },
  {
    type: "storage:Blob",
    inputs: ({ bundle }) => ({
      ...GROUP,
      accountName: "strelay",
      containerName: "code",
      blobName: "relay v1/bundle.zip",
      type: "Block",
      contentType: "application/zip",
      source: fileAsset(bundle, BUNDLE),
    }),
    change: () => ({ metadata: { digest: "abc" } }),
    untold: /source|contentMd5|accessTier|metadata/,
  },
  {
    type: "eventgrid:SystemTopic",
    inputs: ({ idOf }) => ({
      ...PLACED,
      systemTopicName: "kv-sops-events",
      source: idOf("Microsoft.KeyVault/vaults", "kv-sops"),
      topicType: "Microsoft.KeyVault.vaults",
      identity: { type: "SystemAssigned" },
    }),
    change: () => ({ tags: { env: "dev" } }),
    untold: /identity/,
  },
  {
    type: "web:AppServicePlan",
    inputs: () => ({
      ...PLACED,
      name: "relay-plan",
      kind: "functionapp",
      reserved: true,
      sku: { name: "FC1", tier: "FlexConsumption" },
    }),
    change: () => ({ tags: { env: "dev" } }),
    untold: /hyperV|isXenon|perSiteScaling|zoneRedundant/,
  },
  {
    type: "web:WebApp",
    inputs: ({ idOf }) => ({
      ...PLACED,
      name: "sops-relay",
      kind: "functionapp,linux",
      serverFarmId: idOf("Microsoft.Web/serverfarms", "relay-plan"),
      httpsOnly: true,
      hyperV: false,
      isXenon: false,
      scmSiteAlsoStopped: false,
      identity: { type: "SystemAssigned" },
      siteConfig: { minTlsVersion: "1.2", appSettings: [{ name: "GITLAB_PROJECT", value: "101" }] },
      functionAppConfig: {
        runtime: { name: "node", version: "20" },
        deployment: {
          storage: {
            type: "blobContainer",
            value: "https://strelay.blob.core.windows.net/code",
            authentication: { type: "SystemAssignedIdentity" },
          },
        },
        scaleAndConcurrency: { maximumInstanceCount: 40, instanceMemoryMB: 512 },
      },
    }),
    change: () => ({ tags: { env: "dev" } }),
    untold: /appSettings|enabled|reserved|http20Enabled|localMySqlEnabled|netFrameworkVersion/,
  },
  {
    type: "web:WebAppApplicationSettings",
    inputs: () => ({ ...GROUP, name: "sops-relay", properties: { GITLAB_PROJECT: "101" } }),
    change: () => ({ properties: { GITLAB_PROJECT: "102", FLUX: "yes" } }),
    untold: /kind/,
  },
  {
    type: "web:WebAppScmAllowed",
    inputs: () => ({ ...GROUP, name: "sops-relay", allow: false }),
    change: () => ({ allow: true }),
    untold: /kind/,
  },
  {
    type: "eventgrid:SystemTopicEventSubscription",
    inputs: () => ({
      ...GROUP,
      systemTopicName: "kv-sops-events",
      eventSubscriptionName: "relay",
      destination: {
        endpointType: "WebHook",
        endpointUrl: "https://sops-relay.azurewebsites.net/api/rotation?code=the-code",
        maxEventsPerBatch: 1,
        preferredBatchSizeInKilobytes: 64,
        minimumTlsVersionAllowed: "1.2",
      },
      filter: {
        includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"],
        subjectBeginsWith: "sops",
        subjectEndsWith: "sops",
        isSubjectCaseSensitive: false,
      },
      retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
    }),
    change: () => ({ retryPolicy: { maxDeliveryAttempts: 10, eventTimeToLiveInMinutes: 60 } }),
    untold: /endpointUrl|eventDeliverySchema|enableAdvancedFilteringOnArrays/,
  },
];

function fileAsset(path: string, content: string): PlainMap {
  const hash = createHash("sha256").update(content).digest("hex");
  return { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", hash, path };
}
