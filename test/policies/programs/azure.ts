import { SystemTopic } from "@pulumi/azure-native/eventgrid/systemTopic";
import { SystemTopicEventSubscription } from "@pulumi/azure-native/eventgrid/systemTopicEventSubscription";
import { Key } from "@pulumi/azure-native/keyvault/key";
import { Vault } from "@pulumi/azure-native/keyvault/vault";
import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";

const tenantId = process.env.ARM_TENANT_ID ?? "";
const place = { resourceGroupName: "rg-sops-dev", location: "westeurope" };
const vault = new Vault("vault", {
  ...place,
  vaultName: "kv-policed",
  properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: false },
});
new Key("key", {
  ...place,
  vaultName: vault.name,
  keyName: "sops",
  properties: { kty: "RSA", keySize: 2048, keyOps: ["encrypt", "decrypt", "sign"] },
});
const identity = new UserAssignedIdentity("identity", { ...place, resourceName: "flux" });
new FederatedIdentityCredential("trust", {
  resourceGroupName: place.resourceGroupName,
  resourceName: identity.name,
  federatedIdentityCredentialResourceName: "cluster",
  issuer: "http://oidc.example.com",
  subject: "system:serviceaccount:*:sops",
  audiences: ["api://AzureADTokenExchange"],
});
new StorageAccount("account", {
  ...place,
  accountName: "stpoliced",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  allowBlobPublicAccess: true,
});
const topic = new SystemTopic("topic", {
  ...place,
  systemTopicName: "policed",
  source: vault.id,
  topicType: "Microsoft.KeyVault.vaults",
});
new SystemTopicEventSubscription("events", {
  resourceGroupName: place.resourceGroupName,
  systemTopicName: topic.name,
  eventSubscriptionName: "rotations",
  destination: { endpointType: "WebHook", endpointUrl: "https://relay.example.com/events?code=canary" },
});
