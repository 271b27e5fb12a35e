import type { Computed, Inputs } from "../harness";

const named = (name: string) => (inputs: Inputs) => ({ name: inputs[name] });
const text = (value: unknown) => String(value);

/** What Azure adds to what it is given, as far as the components read it. */
export const AZURE_COMPUTED: Computed = {
  "azure-native:keyvault:Vault": named("vaultName"),
  "azure-native:keyvault:Key": ({ vaultName, keyName }) => ({
    // ARM's own form; some versions of the API put a slash at its end.
    keyUri: `https://${text(vaultName)}.vault.azure.net/keys/${text(keyName)}/`,
    keyUriWithVersion: `https://${text(vaultName)}.vault.azure.net/keys/${text(keyName)}/0123`,
  }),
  "azure-native:keyvault:Secret": ({ vaultName, secretName }) => ({
    properties: {
      secretUriWithVersion: `https://${text(vaultName)}.vault.azure.net/secrets/${text(secretName)}/4567`,
    },
  }),
  "azure-native:managedidentity:UserAssignedIdentity": ({ resourceName }) => ({
    name: resourceName,
    clientId: `client-of-${text(resourceName)}`,
    principalId: `principal-of-${text(resourceName)}`,
  }),
  "azure-native:network:PrivateEndpoint": named("privateEndpointName"),
  "azure-native:eventgrid:SystemTopic": ({ systemTopicName, identity }) => ({
    name: systemTopicName,
    identity: { ...(identity as object), principalId: `principal-of-${text(systemTopicName)}` },
  }),
  "azure-native:storage:StorageAccount": ({ accountName }) => ({
    name: accountName,
    primaryEndpoints: {
      blob: `https://${text(accountName)}.blob.core.windows.net/`,
      table: `https://${text(accountName)}.table.core.windows.net/`,
    },
  }),
  "azure-native:storage:BlobContainer": named("containerName"),
  "azure-native:web:WebApp": ({ name }) => ({ defaultHostName: `${text(name)}.azurewebsites.net` }),
};
