import { CANARY, maker } from "./resources";

const of = (name: string) => `azure-native:${name}`;
export const GROUP = "/subscriptions/0000/resourceGroups/secrets";
export const VAULT_ID = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-sops`;
const TAGS = { environment: "dev", owner: "platform" };

export const keyVault = maker(of("keyvault:Vault"), {
  vaultName: "kv-sops",
  location: "westeurope",
  tags: TAGS,
  properties: {
    tenantId: "0000",
    sku: { family: "A", name: "premium" },
    enableRbacAuthorization: true,
    enablePurgeProtection: true,
    softDeleteRetentionInDays: 90,
    networkAcls: { defaultAction: "Deny", bypass: "None", ipRules: [{ value: "203.0.113.0/28" }] },
  },
});

export const accessPolicy = maker(of("keyvault:AccessPolicy"), { vaultName: "kv-sops" });

export const azureKey = maker(of("keyvault/v20240401preview:Key"), {
  keyName: "sops",
  vaultName: "kv-sops",
  properties: {
    kty: "RSA-HSM",
    keySize: 3072,
    keyOps: ["encrypt", "decrypt"],
    rotationPolicy: {
      attributes: { expiryTime: "P180D" },
      lifetimeActions: [
        { action: { type: "rotate" }, trigger: { timeAfterCreate: "P90D" } },
        { action: { type: "notify" }, trigger: { timeBeforeExpiry: "P30D" } },
      ],
    },
  },
});

export const vaultSecret = maker(of("keyvault:Secret"), {
  secretName: "trigger-token",
  properties: { value: CANARY, contentType: "GitLab trigger token", attributes: { expires: 1900000000 } },
});

export const diagnostics = maker(of("monitor:DiagnosticSetting"), {
  resourceUri: VAULT_ID,
  workspaceId: "/w",
  logs: [{ category: "AuditEvent", enabled: true }],
});

export const privateEndpoint = maker(of("network:PrivateEndpoint"), {
  privateLinkServiceConnections: [{ name: "kv", privateLinkServiceId: VAULT_ID }],
});

export const roleAssignment = maker(of("authorization:RoleAssignment"), {
  principalId: "flux-principal",
  principalType: "ServicePrincipal",
  roleDefinitionId: `${GROUP}/providers/Microsoft.Authorization/roleDefinitions/aaaa-bbbb`,
  scope: `${VAULT_ID}/keys/sops`,
});

export const builtIn = (id: string) =>
  `/subscriptions/0000/providers/Microsoft.Authorization/roleDefinitions/${id}`;

export const roleDefinition = maker(of("authorization:RoleDefinition"), {
  roleDefinitionId: "aaaa-bbbb",
  roleName: "sops decrypt",
  scope: GROUP,
  permissions: [{ actions: [], dataActions: ["Microsoft.KeyVault/vaults/keys/decrypt/action"] }],
});

export const identity = maker(of("managedidentity:UserAssignedIdentity"), {
  resourceName: "flux",
  principalId: "flux-principal",
});

export const federatedCredential = maker(of("managedidentity:FederatedIdentityCredential"), {
  resourceName: "flux",
  issuer: "https://oidc.example.com/cluster",
  subject: "system:serviceaccount:flux-system:kustomize-controller",
  audiences: ["api://AzureADTokenExchange"],
});

export const systemTopic = maker(of("eventgrid:SystemTopic"), {
  topicType: "Microsoft.KeyVault.vaults",
  identity: { type: "SystemAssigned" },
  tags: TAGS,
});

export const eventSubscription = maker(of("eventgrid:SystemTopicEventSubscription"), {
  filter: {
    includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"],
    subjectBeginsWith: "sops",
    subjectEndsWith: "sops",
  },
  destination: {
    endpointType: "WebHook",
    endpointUrl: `https://relay.example.com/${CANARY}`,
    minimumTlsVersionAllowed: "1.2",
    azureActiveDirectoryApplicationIdOrUri: "api://relay",
  },
  retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
  deadLetterWithResourceIdentity: { identity: { type: "SystemAssigned" } },
});

export const webApp = maker(of("web:WebApp"), {
  kind: "functionapp,linux",
  httpsOnly: true,
  identity: { type: "UserAssigned" },
  tags: TAGS,
  siteConfig: {
    minTlsVersion: "1.2",
    ftpsState: "Disabled",
    appSettings: [
      { name: "AzureWebJobsStorage__accountName", value: "relay" },
      { name: "TRIGGER_TOKEN", value: "@Microsoft.KeyVault(SecretUri=https://kv/secrets/t)" },
    ],
  },
  functionAppConfig: { deployment: { storage: { authentication: { type: "UserAssignedIdentity" } } } },
});

export const storageAccount = maker(of("storage:StorageAccount"), {
  accountName: "relay",
  allowBlobPublicAccess: false,
  allowSharedKeyAccess: false,
  enableHttpsTrafficOnly: true,
  minimumTlsVersion: "TLS1_2",
  tags: TAGS,
});

/** Hands an app its code by a URL that the account's key signs. */
export const packageDeployment = maker(of("resources:Deployment"), {
  properties: {
    mode: "Incremental",
    template: {
      resources: [{ properties: { packageUri: "[concat(parameters('blobUrl'), '?', listServiceSas(1))]" } }],
    },
    parameters: { accountId: { value: `${GROUP}/providers/Microsoft.Storage/storageAccounts/relay` } },
  },
});

export const blobContainer = maker(of("storage:BlobContainer"), { publicAccess: "None" });
