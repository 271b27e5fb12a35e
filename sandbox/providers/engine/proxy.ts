import { isIP } from "node:net";
import { getProxyForUrl } from "proxy-from-env";

/**
 * Address of the proxy that this process's environment names for a server (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`, either case).
 * Never for this machine itself, and never for plain HTTP: the proxy would read what is sent.
 */
export function proxyFor(url: URL): string | undefined {
  if (url.protocol !== "https:" || isThisMachine(url.hostname)) return undefined;
  const proxy = getProxyForUrl(url.href);
  if (proxy === "") return undefined;
  const { https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY } = process.env;
  const written = https_proxy || HTTPS_PROXY || all_proxy || ALL_PROXY || "";
  // One without a scheme is spoken to in plain HTTP, as Go has it; the package takes the server's own scheme.
  return written.includes("://") ? proxy : `http://${written}`;
}

function isThisMachine(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
