import { HttpTransport, type Unreached } from "../engine/http-transport";
import type { PlainMap, PlainValue } from "../engine/resource-type";
import { isMap } from "../engine/wire";
import type { Connection } from "./connection";

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

/** Vault's paths, headers and JSON over HTTP. Rejects only when a connection broke before the answer was there. */
export class Transport {
  private readonly http: HttpTransport;

  constructor(private readonly connection: Connection) {
    const { address, ca, serverName } = connection;
    this.http = new HttpTransport(address.protocol === "https:", { ca, serverName });
  }

  async send(request: Request): Promise<Answer | Unreached> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const url = new URL(
      `v1/${request.path.split("/").map(encodeURIComponent).join("/")}`,
      slashed(this.connection.address),
    );
    const headers: Record<string, string> = { "X-Vault-Request": "true", "X-Vault-Token": request.token };
    if (request.namespace !== undefined) headers["X-Vault-Namespace"] = request.namespace;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await this.http.send({ method: request.method, url, headers, body });
    return "code" in answer ? answer : { status: answer.status, body: parse(answer.text) };
  }
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
