import { existsSync, readFileSync } from "node:fs";
import { AZURE } from "./azure-server";
import type { Layout } from "./layout";

/** Everything of the sandbox but Azure is where it says it is. */
const HERE = "127.0.0.1,localhost";

/** What leads a program to Azure's emulator, and nowhere else: every other host is refused by its proxy. */
export function azureNetwork(layout: Layout): Record<string, string> {
  return { ...byProxy(layout), NO_PROXY: HERE, no_proxy: HERE };
}

/** What makes a person the deployer there, by the same way; nothing where Azure has never run. */
export function azurePerson(layout: Layout): Record<string, string> {
  const { deployerSecret } = layout.azure;
  if (!existsSync(deployerSecret)) return {};
  const secret = readFileSync(deployerSecret, "utf8").trim();
  return {
    ...byProxy(layout),
    // The provider plugin reads these …
    ARM_TENANT_ID: AZURE.tenantId,
    ARM_SUBSCRIPTION_ID: AZURE.subscriptionId,
    ARM_CLIENT_ID: AZURE.deployerId,
    ARM_CLIENT_SECRET: secret,
    // … and these Azure's SDKs, and with them sops.
    AZURE_TENANT_ID: AZURE.tenantId,
    AZURE_CLIENT_ID: AZURE.deployerId,
    AZURE_CLIENT_SECRET: secret,
  };
}

function byProxy({ azure: { proxy }, trust }: Layout): Record<string, string> {
  // Both spellings: some tools read the one, some the other.
  return { HTTPS_PROXY: proxy, https_proxy: proxy, SSL_CERT_FILE: trust, NODE_EXTRA_CA_CERTS: trust };
}
