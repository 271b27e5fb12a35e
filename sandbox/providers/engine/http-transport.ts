import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
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
  readonly body: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** No connection came about, so nothing can have happened. */
export interface Unreached {
  /** Node's code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`) and its words. */
  readonly code: string;
  readonly reason: string;
}

/** HTTP over connections that stay open. Rejects only when a connection broke before the answer was there. */
export class HttpTransport {
  private readonly agent: HttpAgent | HttpsAgent;

  constructor(
    private readonly secure: boolean,
    tls: Tls,
  ) {
    const options = {
      ca: tls.ca,
      servername: tls.serverName,
      cert: tls.clientCertificate,
      key: tls.clientKey,
    };
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    this.agent = secure
      ? new HttpsAgent({ keepAlive: true, ...Object.fromEntries(given) })
      : new HttpAgent({ keepAlive: true });
  }

  send({ method, url, headers, body }: HttpRequest): Promise<HttpAnswer | Unreached> {
    const open = this.secure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      let connected = false;
      const sent = open(url, { method, headers, agent: this.agent, timeout: TIMEOUT_MS });
      sent.on("socket", (socket) => {
        if (sent.reusedSocket) connected = true;
        else
          socket.once(this.secure ? "secureConnect" : "connect", () => {
            connected = true;
          });
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
