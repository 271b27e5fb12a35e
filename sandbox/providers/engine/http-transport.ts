import { type Agent, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

const TIMEOUT_MS = 60_000;

/** What to believe of the other side, and what to show it. PEM texts. */
export interface Tls {
  /** Absent: the CAs that Node knows. */
  readonly ca?: string | undefined;
  readonly serverName?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** No connection came about, so nothing can have happened. */
export interface Unreached {
  /** Node's code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`) and its words; `EPROXY` where a proxy refused to connect. */
  readonly code: string;
  readonly reason: string;
}

/** HTTP over connections that stay open. Rejects only when a connection broke before the answer was there. */
export class HttpTransport {
  private readonly tls: Readonly<Record<string, string>>;
  private agent: Promise<Agent> | undefined;

  /** @param proxy address of the proxy to tunnel through, for HTTPS only. */
  constructor(
    private readonly secure: boolean,
    { ca, serverName, clientCertificate, clientKey }: Tls,
    private readonly proxy?: string,
  ) {
    const options = { ca, servername: serverName, cert: clientCertificate, key: clientKey };
    const given = Object.entries(options).flatMap(([name, pem]) => (pem === undefined ? [] : [[name, pem]]));
    this.tls = Object.fromEntries(given) as Readonly<Record<string, string>>;
  }

  async send({ method, url, headers, body }: HttpRequest): Promise<HttpAnswer | Unreached> {
    this.agent ??= this.open();
    const agent = await this.agent;
    const open = this.secure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      let connected = false;
      const sent = open(url, { ...this.tls, method, headers, agent, timeout: TIMEOUT_MS });
      sent.on("socket", (socket) => {
        if (sent.reusedSocket) connected = true;
        else
          socket.once(this.secure ? "secureConnect" : "connect", () => {
            connected = true;
          });
      });
      // A proxy that refuses would otherwise pass for the server.
      sent.on("proxyConnect", ({ statusCode }: { statusCode: number }) => {
        if (statusCode !== 200) sent.destroy(proxyRefusal(statusCode));
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      sent.on("error", (error: NodeJS.ErrnoException) => {
        if (connected) reject(error);
        else resolve({ code: error.code ?? error.name, reason: error.message });
      });
      sent.on("response", (response) => answerOf(response).then(resolve, reject));
      sent.end(body);
    });
  }

  private async open(): Promise<Agent> {
    if (!this.secure) return new HttpAgent({ keepAlive: true });
    if (this.proxy === undefined) return new HttpsAgent({ keepAlive: true });
    // Loaded only where there is a proxy: every other stand-in starts quicker without it.
    const { HttpsProxyAgent } = await import("https-proxy-agent");
    return new HttpsProxyAgent(this.proxy, { keepAlive: true });
  }
}

function proxyRefusal(status: number): Error {
  return Object.assign(new Error(`the proxy answered ${status}`), { code: "EPROXY" });
}

async function answerOf(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: Buffer.concat(chunks).toString("utf8"),
  };
}
