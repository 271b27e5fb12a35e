import { readFileSync } from "node:fs";
import { ClientSecretCredential } from "@azure/identity";
import { KeyClient } from "@azure/keyvault-keys";
import { HttpsProxyAgent } from "https-proxy-agent";
import { AZURE } from "./azure-server";
import type { Layout } from "./layout";

/** Azure's own clients, which know nothing of the emulator but the proxy to it. */
export class AzureApi {
  private constructor(
    private readonly agent: HttpsProxyAgent<string>,
    /** For the constructors of Azure's clients. */
    readonly credential: ClientSecretCredential,
  ) {}

  /** For the same. */
  get options(): { readonly agent: HttpsProxyAgent<string> } {
    return { agent: this.agent };
  }

  /** As whoever runs Pulumi. */
  static deployer({ azure }: Layout): AzureApi {
    const agent = new HttpsProxyAgent(azure.proxy, { keepAlive: true });
    // What the constructor takes is for TLS to the proxy; these are for TLS through it.
    Object.assign(agent.options, { ca: readFileSync(azure.ca, "utf8") });
    const secret = readFileSync(azure.deployerSecret, "utf8").trim();
    const { tenantId, deployerId } = AZURE;
    return new AzureApi(agent, new ClientSecretCredential(tenantId, deployerId, secret, { agent }));
  }

  /** @param vault URL without a path */
  keys(vault: string): KeyClient {
    return new KeyClient(vault, this.credential, this.options);
  }

  close(): void {
    this.agent.destroy();
  }
}
