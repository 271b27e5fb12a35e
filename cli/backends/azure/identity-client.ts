import * as http from "node:http";
import * as https from "node:https";
import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";
import { proxyAgent, proxyFor } from "../http/proxy";
import type { AzureSettings } from "./azure-settings";
import { secureOptions } from "./secure-options";

const SILENCE_MS = 60_000;

/**
 * How Microsoft's library reaches Entra ID and a machine's own identity: through the same proxies and with the same CAs as the vaults
 * are reached. By itself it has other rules for NO_PROXY, and trusts no CA that the environment names behind a proxy.
 */
export class IdentityClient implements HttpClient {
  /** The last failure as the network has it, since the library tells it as a link. */
  lost: Error | undefined;
  private readonly inner = createDefaultHttpClient();
  private readonly agents = new Map<string, Promise<http.Agent>>();
  private readonly tls: https.AgentOptions;

  constructor(settings: Pick<AzureSettings, "authorities">) {
    this.tls = secureOptions(settings);
  }

  readonly sendRequest: HttpClient["sendRequest"] = async (request) => {
    const { origin, protocol } = new URL(request.url);
    const agent = this.agents.get(origin) ?? open(new URL(origin));
    this.agents.set(origin, agent);
    request.agent = await agent;
    request.timeout ||= SILENCE_MS;
    if (protocol === "https:") request.requestOverrides = { ...request.requestOverrides, ...this.tls };
    try {
      return await this.inner.sendRequest(request);
    } catch (error) {
      if (error instanceof Error) this.lost = error;
      throw error;
    }
  };

  close(): void {
    for (const agent of this.agents.values()) void agent.then((open) => open.destroy());
  }
}

async function open(url: URL): Promise<http.Agent> {
  if (url.protocol !== "https:") return new http.Agent();
  const proxy = proxyFor(url);
  return proxy === undefined ? new https.Agent() : proxyAgent(proxy, {});
}
