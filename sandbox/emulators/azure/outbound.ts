import { request as requestHttp } from "node:http";
import { type RequestOptions, request as requestHttps } from "node:https";
import { BlockList, isIP } from "node:net";

export interface OutboundRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEMs of the certificate authorities that the receiver may have. */
  readonly ca?: readonly string[];
  /** What the receiver's certificate has to be for, when it is not the URL's host. */
  readonly servername?: string;
  readonly timeoutMs: number;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const MOST_BYTES = 1_048_576;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return (
    host === "localhost" || (isIP(host) !== 0 && loopback.check(host, isIP(host) === 6 ? "ipv6" : "ipv4"))
  );
}

/** The only way out of the emulator, and it leads to this machine alone. Any status is an answer. */
export function sendOut(url: URL, asked: OutboundRequest): Promise<OutboundAnswer> {
  if (!isLoopback(url.hostname))
    return Promise.reject(
      new Error(`${url.hostname} is not on this machine; the emulator sends nothing there`),
    );
  const { method, headers = {}, body, ca, servername, timeoutMs } = asked;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const options: RequestOptions = { method, headers: { ...headers, ...length }, agent: false };
  const tls = { ...(ca && { ca: [...ca] }), ...(servername !== undefined && { servername }) };
  return new Promise((resolve, reject) => {
    const sent =
      url.protocol === "https:" ? requestHttps(url, { ...options, ...tls }) : requestHttp(url, options);
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    sent.on("close", () => clearTimeout(timer));
    sent.on("error", reject);
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
        if (text.length > MOST_BYTES) sent.destroy(new Error("the answer is longer than 1 MiB"));
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    sent.end(body);
  });
}
