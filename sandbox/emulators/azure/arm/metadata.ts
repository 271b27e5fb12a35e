import type { Core } from "../core";
import { ArmRefusal } from "./arm-refusal";

/** What clients ask before anything else when they were given a metadata host. */
export function metadataEndpoints(core: Core, apiVersion: string | undefined) {
  if (apiVersion !== "2022-09-01")
    throw new ArmRefusal(400, "InvalidApiVersionParameter", "The api-version of this path is 2022-09-01.");
  return [
    {
      name: "AzureCloud",
      portal: "https://portal.azure.com",
      authentication: {
        loginEndpoint: "https://login.microsoftonline.com/",
        audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
        tenant: core.tokens.tenantId,
        identityProvider: "AAD",
      },
      resourceManager: "https://management.azure.com/",
      microsoftGraphResourceId: "https://graph.microsoft.com/",
      suffixes: {
        keyVaultDns: "vault.azure.net",
        storage: "core.windows.net",
      },
    },
  ];
}
