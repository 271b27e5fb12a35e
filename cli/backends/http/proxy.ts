import type { Agent, AgentOptions } from "node:http";
import { isIP } from "node:net";
import { getProxyForUrl } from "proxy-from-env";

/**
 * Address of the proxy that the environment names for a server (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`, either case), as sops has it:
 * never for this machine itself, and a proxy without a scheme speaks plain HTTP. Plain HTTP is not sent through proxies: they would
 * read the token.
 */
export function proxyFor(url: URL): string | undefined {
  if (url.protocol !== "https:" || isThisMachine(url.hostname)) return undefined;
  const proxy = getProxyForUrl(url.href);
  if (proxy === "") return undefined;
  const { https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY } = process.env;
  const written = https_proxy || HTTPS_PROXY || all_proxy || ALL_PROXY || "";
  return written.includes("://") ? proxy : `http://${written}`;
}

/** Tunnels through a proxy, which sees names of servers and nothing more. Loaded only where there is one. */
export async function proxyAgent(proxy: string, options: AgentOptions): Promise<Agent> {
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  return new HttpsProxyAgent(proxy, options);
}

function isThisMachine(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
