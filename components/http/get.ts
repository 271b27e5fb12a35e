import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { getProxyForUrl } from "proxy-from-env";

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the whole answer has to be there. */
  readonly timeoutMs: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Nobody's answer here is longer; a stranger's might be. */
const LONGEST_ANSWER = 256 * 1024;

/**
 * One GET, by the way that the provider plugins take: through the environment's proxy (`HTTPS_PROXY`, `NO_PROXY`), and trusting
 * `SSL_CERT_FILE` where it is set. Node's own fetch knows neither. Rejects when there is no answer in time.
 */
export async function get(url: string, { headers = {}, timeoutMs }: GetOptions): Promise<Answer> {
  const { SSL_CERT_FILE: ca } = process.env;
  const agent = await agentFor(url);
  const options: https.RequestOptions = {
    headers,
    signal: AbortSignal.timeout(timeoutMs),
    ...(ca && { ca: readFileSync(ca) }),
    ...(agent && { agent }),
  };
  const { get: send } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    send(url, options, (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on("data", (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length > LONGEST_ANSWER) response.destroy(new Error("the answer is too long"));
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }),
      );
    }).on("error", reject);
  });
}

/** Loaded only where there is a proxy. */
async function agentFor(url: string): Promise<http.Agent | undefined> {
  const proxy = url.startsWith("https:") ? getProxyForUrl(url) : "";
  if (proxy === "") return undefined;
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  return new HttpsProxyAgent(proxy);
}
