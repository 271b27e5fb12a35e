import { describe, expect, it } from "vitest";
import { type PlainMap, UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { azureTest } from "./support/azure-test";
import { GROUP } from "./support/recorded-azure";

const GROUPED = { resourceGroupName: "rg", location: "westeurope" };
const VAULT = {
  ...GROUPED,
  vaultName: "kv-sops",
  properties: { tenantId: "t", sku: { family: "A", name: "standard" } },
};
const KEY = { resourceGroupName: "rg", vaultName: "kv-sops", keyName: "sops", properties: { kty: "RSA" } };
const SUBSCRIPTION = { resourceGroupName: "rg", systemTopicName: "topic", eventSubscriptionName: "relay" };
const ACCOUNT = { ...GROUPED, accountName: "strelay", kind: "StorageV2", sku: { name: "Standard_LRS" } };
const BLOB = {
  resourceGroupName: "rg",
  accountName: "strelay",
  containerName: "code",
  blobName: "relay.zip",
};
const ASSIGNMENT = { scope: GROUP, principalId: "p", roleDefinitionId: "r" };

const test = azureTest();

async function refused(type: string, inputs: PlainMap): Promise<readonly string[]> {
  return (await test.plugin.checkOnly(`azure-native:${type}`, inputs)).failures;
}

describe("inputs that are refused", () => {
  it.each<[string, string, PlainMap, string[]]>([
    [
      "an unknown property",
      "keyvault:Vault",
      { ...VAULT, vaultname: "kv" },
      ['vaultname: the key vault has no property "vaultname"; did you mean "vaultName"?'],
    ],
    [
      "an unknown property deep inside",
      "keyvault:Vault",
      {
        ...VAULT,
        properties: { ...VAULT.properties, networkAcls: { ipRules: [{ value: "1" }, { valeu: "2" }] } },
      },
      [
        'properties.networkAcls.ipRules[1].valeu: properties.networkAcls.ipRules[1] has no property "valeu"; did you mean "value"?',
        "properties.networkAcls.ipRules[1].value: properties.networkAcls.ipRules[1] needs value",
      ],
    ],
    [
      "an output",
      "keyvault:Vault",
      { ...VAULT, properties: { ...VAULT.properties, vaultUri: "u" } },
      ['properties.vaultUri: properties has no property "vaultUri"'],
    ],
    [
      "nothing that is needed",
      "keyvault:Vault",
      { location: "x", properties: { sku: { family: "A" } } },
      [
        "resourceGroupName: the key vault needs resourceGroupName",
        "vaultName: the key vault needs vaultName: the stand-in makes up no names",
        "properties.sku.name: properties.sku needs name",
        "properties.tenantId: properties needs tenantId",
      ],
    ],
    [
      "a name that cannot be",
      "keyvault:Vault",
      { ...VAULT, vaultName: "kv--sops" },
      [
        'vaultName: vaultName must be 3 to 24 letters, digits and single dashes, with a letter first and no dash last: "kv--sops"',
      ],
    ],
    [
      "a name that is none",
      "keyvault:Vault",
      { ...VAULT, vaultName: 7 },
      ["vaultName: vaultName must be a string that is not empty"],
    ],
    [
      "a value that is not of the list",
      "keyvault:Vault",
      { ...VAULT, properties: { ...VAULT.properties, sku: { family: "A", name: "gold" } } },
      ['properties.sku.name: properties.sku.name must be one of standard, premium, not "gold"'],
    ],
    [
      "a number that is out of its range",
      "keyvault:Vault",
      { ...VAULT, properties: { ...VAULT.properties, softDeleteRetentionInDays: 5 } },
      ["properties.softDeleteRetentionInDays: properties.softDeleteRetentionInDays must be from 7 to 90"],
    ],
    [
      "a text for a flag",
      "keyvault:Vault",
      { ...VAULT, properties: { ...VAULT.properties, enableRbacAuthorization: "true" } },
      ["properties.enableRbacAuthorization: properties.enableRbacAuthorization must be true or false"],
    ],
    [
      "purge protection that is off",
      "keyvault:Vault",
      { ...VAULT, properties: { ...VAULT.properties, enablePurgeProtection: false } },
      [
        "properties.enablePurgeProtection: properties.enablePurgeProtection is true or absent: Azure does not take false",
      ],
    ],
    [
      "another API version",
      "keyvault:Vault",
      { ...VAULT, azureApiVersion: "2023-02-01" },
      ["azureApiVersion: azureApiVersion is 2024-11-01 and cannot be set"],
    ],
    [
      "a list for an object",
      "keyvault:Vault",
      { ...VAULT, properties: [] },
      ["properties: properties must be an object"],
    ],
    [
      "a key operation that is none",
      "keyvault:Key",
      { ...KEY, properties: { kty: "RSA", keyOps: ["encrypt", "wrap"] } },
      [
        'properties.keyOps[1]: properties.keyOps[1] must be one of encrypt, decrypt, sign, verify, wrapKey, unwrapKey, import, release, not "wrap"',
      ],
    ],
    [
      "an action in the vault's own spelling",
      "keyvault:Key",
      {
        ...KEY,
        properties: { kty: "RSA", rotationPolicy: { lifetimeActions: [{ action: { type: "Rotate" } }] } },
      },
      [
        'properties.rotationPolicy.lifetimeActions[0].action.type: properties.rotationPolicy.lifetimeActions[0].action.type must be one of rotate, notify, not "Rotate"',
      ],
    ],
    [
      "half a key size",
      "keyvault:Key",
      { ...KEY, properties: { kty: "RSA", keySize: 2048.5 } },
      ["properties.keySize: properties.keySize must be a whole number"],
    ],
    [
      "two audiences",
      "managedidentity:FederatedIdentityCredential",
      {
        resourceGroupName: "rg",
        resourceName: "flux",
        federatedIdentityCredentialResourceName: "cluster",
        issuer: "i",
        subject: "s",
        audiences: ["a", "b"],
      },
      ["audiences: audiences must have one entry: Azure takes neither none nor more"],
    ],
    [
      "a role assignment that is named by words",
      "authorization:RoleAssignment",
      { ...ASSIGNMENT, roleAssignmentName: "flux-decrypt" },
      ['roleAssignmentName: roleAssignmentName must be a UUID: "flux-decrypt"'],
    ],
    [
      "a condition without its version",
      "authorization:RoleAssignment",
      { ...ASSIGNMENT, condition: "x" },
      ['conditionVersion: a condition needs conditionVersion, which is "2.0"'],
    ],
    [
      "a destination of no kind",
      "eventgrid:SystemTopicEventSubscription",
      { ...SUBSCRIPTION, destination: { endpointUrl: "https://x" } },
      [
        "destination.endpointType: destination.endpointType must be one of AzureFunction, EventHub, HybridConnection, MonitorAlert, NamespaceTopic, ServiceBusQueue, ServiceBusTopic, StorageQueue, WebHook, it is missing",
      ],
    ],
    [
      "a property of another kind of destination",
      "eventgrid:SystemTopicEventSubscription",
      { ...SUBSCRIPTION, destination: { endpointType: "WebHook", endpointUrl: "https://x", queueName: "q" } },
      ['destination.queueName: destination has no property "queueName"'],
    ],
    [
      "a webhook in the clear",
      "eventgrid:SystemTopicEventSubscription",
      { ...SUBSCRIPTION, destination: { endpointType: "WebHook", endpointUrl: "http://x" } },
      ["destination.endpointUrl: destination.endpointUrl must begin with https://"],
    ],
    [
      "two destinations",
      "eventgrid:SystemTopicEventSubscription",
      {
        ...SUBSCRIPTION,
        destination: { endpointType: "EventHub" },
        deliveryWithResourceIdentity: { destination: { endpointType: "EventHub" } },
      },
      ["destination: destination and deliveryWithResourceIdentity cannot both be set"],
    ],
    [
      "a filter of no kind",
      "eventgrid:SystemTopicEventSubscription",
      { ...SUBSCRIPTION, filter: { advancedFilters: [{ operatorType: "StringIs", key: "k" }] } },
      [
        expect.stringMatching(
          /^filter\.advancedFilters\[0\]\.operatorType: .* must be one of BoolEquals, .*, not "StringIs"$/,
        ) as unknown as string,
      ],
    ],
    [
      "more attempts than there are",
      "eventgrid:SystemTopicEventSubscription",
      { ...SUBSCRIPTION, retryPolicy: { maxDeliveryAttempts: 31 } },
      ["retryPolicy.maxDeliveryAttempts: retryPolicy.maxDeliveryAttempts must be from 1 to 30"],
    ],
    [
      "an account with capitals",
      "storage:StorageAccount",
      { ...ACCOUNT, accountName: "stRelay" },
      ['accountName: accountName must be 3 to 24 small letters and digits: "stRelay"'],
    ],
    [
      "identities as a map, as ARM has them",
      "storage:StorageAccount",
      { ...ACCOUNT, identity: { type: "UserAssigned", userAssignedIdentities: { "/id": {} } } },
      ["identity.userAssignedIdentities: identity.userAssignedIdentities must be a list of resource ids"],
    ],
    [
      "an archive",
      "storage:Blob",
      {
        ...BLOB,
        source: { "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", path: "dist" },
      },
      ["source: source must be an asset; an archive that is a file can be a FileAsset"],
    ],
    [
      "a text for an asset",
      "storage:Blob",
      { ...BLOB, source: "x" },
      [expect.stringContaining("source: source must be an asset") as unknown as string],
    ],
    [
      "content for a blob that begins empty",
      "storage:Blob",
      { ...BLOB, type: "Append", contentMd5: "x" },
      ["contentMd5: contentMd5 is not for a blob of type Append, which begins empty"],
    ],
    [
      "tags that are no texts",
      "resources:ResourceGroup",
      { resourceGroupName: "rg", location: "westeurope", tags: { "cost-centre": 7 } },
      ['tags["cost-centre"]: tags["cost-centre"] must be a string'],
    ],
    [
      "logs that go nowhere",
      "monitor:DiagnosticSetting",
      { resourceUri: GROUP, name: "audit", logs: [] },
      [
        "workspaceId: a diagnostic setting needs somewhere to write to: one of workspaceId, storageAccountId, eventHubAuthorizationRuleId, marketplacePartnerId, serviceBusRuleId",
      ],
    ],
    [
      "a subnet that is more than its id",
      "network:PrivateEndpoint",
      { ...GROUPED, privateEndpointName: "pe", subnet: { id: "/s", addressPrefix: "10.0.0.0/24" } },
      ['subnet.addressPrefix: subnet has no property "addressPrefix"'],
    ],
    [
      "a site's setting that is none",
      "web:WebApp",
      { ...GROUPED, name: "relay", siteConfig: { minTlsVersion: "TLS1_2" } },
      ['siteConfig.minTlsVersion: siteConfig.minTlsVersion must be one of 1.0, 1.1, 1.2, 1.3, not "TLS1_2"'],
    ],
    [
      "an app setting with another property",
      "web:WebApp",
      { ...GROUPED, name: "relay", siteConfig: { appSettings: [{ name: "A", val: "1" }] } },
      [
        'siteConfig.appSettings[0].val: siteConfig.appSettings[0] has no property "val"; did you mean "value"?',
      ],
    ],
  ])("%s", async (_what, type, inputs, reasons) => {
    expect(await refused(type, inputs)).toEqual(reasons);
  });

  it("a type that the stand-in does not have, by the list of those that it has", async () => {
    await expect(test.plugin.checkOnly("azure-native:compute:Disk", {})).rejects.toThrow(
      /the azure-native stand-in provider \(as 3\.28\.0\) has no resource type azure-native:compute:Disk; it has azure-native:web:AppServicePlan, /,
    );
  });
});

describe("inputs that are filled in", () => {
  const identity = { resourceGroupName: "rg", resourceName: "flux" };
  const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";

  it("with the resource group's place, asked for once", async () => {
    test.azure.answers(`GET ${GROUP}`, { body: { location: "westeurope" } });
    for (const _time of [1, 2])
      expect(await test.plugin.check(IDENTITY, identity)).toEqual({
        ...identity,
        location: "westeurope",
        azureApiVersion: "2023-01-31",
      });
    expect(test.azure.taken().filter(({ line }) => line === `GET ${GROUP}`)).toHaveLength(1);
  });

  it("with the place of the provider's config before that, and of the last update before both", async () => {
    const plugin = await test.configured({ location: "northeurope" });
    expect((await plugin.check(IDENTITY, identity)).location).toBe("northeurope");
    expect((await plugin.check(IDENTITY, identity, [], { location: "eastus" })).location).toBe("eastus");
    expect(test.azure.taken()).toEqual([]);
  });

  it("with none where the resource group is not there yet, and an unknown one where its name is not", async () => {
    test.azure.answers(`GET ${GROUP}`, { status: 404 });
    expect(await refused("managedidentity:UserAssignedIdentity", identity)).toEqual([
      "location: the managed identity needs location: set it, or azure-native:location",
    ]);
    const unknown = await test.plugin.check(IDENTITY, { ...identity, resourceGroupName: UNKNOWN });
    expect(unknown.location).toBe(UNKNOWN);
  });

  it("with a UUID for a role assignment, which stays", async () => {
    const first = await test.plugin.check("azure-native:authorization:RoleAssignment", ASSIGNMENT);
    expect(first.roleAssignmentName).toMatch(/^[0-9a-f-]{36}$/);
    const again = await test.plugin.check("azure-native:authorization:RoleAssignment", ASSIGNMENT, [], first);
    expect(again.roleAssignmentName).toBe(first.roleAssignmentName);
    const old = { id: "x", inputs: first, outputs: {} };
    const diff = await test.plugin.diff("azure-native:authorization:RoleAssignment", old, {
      ...first,
      principalId: "q",
    });
    expect([diff.replaces, diff.deleteBeforeReplace]).toEqual([["principalId"], false]);
  });
});
