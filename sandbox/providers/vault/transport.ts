import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { PlainMap, PlainValue } from "../engine/resource-type";
import { isMap } from "../engine/wire";
import type { Connection } from "./connection";

const TIMEOUT_MS = 60_000;

export type Method = "GET" | "PUT" | "DELETE";

export interface Request {
  readonly method: Method;
  readonly path: string;
  readonly body: PlainMap | undefined;
  readonly token: string;
  readonly namespace: string | undefined;
}

export interface Answer {
  readonly status: number;
  /** The JSON answer; empty when there was none. */
  readonly body: PlainMap;
}

/** No connection came about, so nothing can have happened. */
export interface Unreached {
  /** Node's code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`) and its words. */
  readonly code: string;
  readonly reason: string;
}

/** HTTP over connections that stay open. Rejects only when a connection broke before the answer was there. */
export class Transport {
  private readonly agent: HttpAgent | HttpsAgent;
  private readonly secure: boolean;

  constructor(private readonly connection: Connection) {
    this.secure = connection.address.protocol === "https:";
    this.agent = this.secure
      ? new HttpsAgent({
          keepAlive: true,
          ...(connection.ca === undefined ? {} : { ca: connection.ca }),
          ...(connection.serverName === undefined ? {} : { servername: connection.serverName }),
        })
      : new HttpAgent({ keepAlive: true });
  }

  send(request: Request): Promise<Answer | Unreached> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const url = new URL(
      `v1/${request.path.split("/").map(encodeURIComponent).join("/")}`,
      slashed(this.connection.address),
    );
    const headers: Record<string, string> = { "X-Vault-Request": "true", "X-Vault-Token": request.token };
    if (request.namespace !== undefined) headers["X-Vault-Namespace"] = request.namespace;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const open = this.secure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      let connected = false;
      const sent = open(url, { method: request.method, headers, agent: this.agent, timeout: TIMEOUT_MS });
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

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return { status: response.statusCode ?? 0, body: parse(text) };
}

/** A proxy's HTML page, say, is not Vault's JSON: the status alone has to do then. */
function parse(text: string): PlainMap {
  try {
    const value = JSON.parse(text) as PlainValue;
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

function slashed(address: URL): URL {
  const base = new URL(address);
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return base;
}
