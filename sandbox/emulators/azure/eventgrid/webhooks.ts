import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { isLoopback, type OutboundAnswer, sendOut } from "../outbound";
import type { Sites } from "../sites";

const SITE = /^([a-z0-9-]+)\.azurewebsites\.net$/i;

/** Where deliveries go: web apps that somebody runs on this machine, or addresses of this machine. */
export class Webhooks {
  /** @param ca files with the certificate authorities that receivers may have. @param timeoutMs Event Grid waits 30 s */
  constructor(
    private readonly sites: Sites,
    private readonly ca: readonly string[],
    readonly timeoutMs: number,
  ) {}

  /** Any status is an answer; rejects when none comes. */
  send(
    endpoint: URL,
    method: "POST" | "OPTIONS",
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<OutboundAnswer> {
    const content = { method, timeoutMs: this.timeoutMs, ...(body !== undefined && { body }) };
    const name = SITE.exec(endpoint.hostname)?.[1];
    if (name === undefined) {
      if (!isLoopback(endpoint.hostname))
        return Promise.reject(new Error(`${endpoint.hostname} cannot be resolved`));
      return sendOut(endpoint, { ...content, headers, ca: this.authorities() });
    }
    const site = this.sites.address(name);
    if (site === undefined) return Promise.reject(new Error(`nobody runs the site ${name}`));
    const url = new URL(`${endpoint.pathname}${endpoint.search}`, site.address);
    // TLS to a local process is by its local name; plain HTTP can keep the public one.
    const host = url.protocol === "https:" ? {} : { host: endpoint.host };
    return sendOut(url, { ...content, headers: { ...headers, ...host }, ca: this.authorities(site.ca) });
  }

  private authorities(...more: readonly (string | undefined)[]): string[] {
    const files = [...this.ca, ...more].filter((file) => file !== undefined);
    return [...rootCertificates, ...files.map((file) => readFileSync(file, "utf8"))];
  }
}
