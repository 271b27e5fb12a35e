import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { PlainMap, PlainValue } from "../engine/resource-type";
import { UnknownOutcomeError } from "../engine/unknown-outcome-error";
import { ApiError, isApiError } from "./api-error";
import type { ClusterAccess } from "./kubeconfig";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: PlainValue;
  readonly contentType?: string;
}

interface Answer {
  readonly code: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

const SILENCE_MS = 60_000;
const MAX_ATTEMPTS = 5;
const BUSY = [429, 503];

/** The API server's HTTP interface, over kept-alive connections. Numbers and texts in, plain values out. */
export class ApiClient {
  private readonly agent: Agent;

  constructor(private readonly access: ClusterAccess) {
    this.agent = new Agent({
      keepAlive: true,
      ...(access.ca && { ca: access.ca }),
      ...(access.serverName && { servername: access.serverName }),
      ...access.certificate,
    });
  }

  /** Rejects with `ApiError` when the server refuses, `UnknownOutcomeError` when a write got no answer. */
  async send(request: ApiRequest): Promise<PlainMap> {
    for (let attempt = 1; ; attempt++) {
      const { code, body, retryAfter } = await this.exchange(request);
      if (code >= 200 && code < 300) return JSON.parse(body) as PlainMap;
      const busy = BUSY.includes(code) && retryAfter !== undefined && attempt < MAX_ATTEMPTS;
      if (!busy) throw ApiError.from(code, body);
      await sleep(Number(retryAfter) * 1000 || 1000);
    }
  }

  /** `undefined` when there is no such object. */
  async find(path: string): Promise<PlainMap | undefined> {
    try {
      return await this.send({ method: "GET", path });
    } catch (error) {
      if (isApiError(error, 404)) return undefined;
      throw error;
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private exchange(request: ApiRequest): Promise<Answer> {
    const { server, token } = this.access;
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const search = new URLSearchParams(request.query).toString();
    const prefix = server.pathname.replace(/\/$/, "");
    return new Promise((resolve, reject) => {
      const outgoing = httpsRequest({
        agent: this.agent,
        host: server.hostname,
        port: server.port || 443,
        method: request.method,
        path: `${prefix}${request.path}${search === "" ? "" : `?${search}`}`,
        headers: {
          accept: "application/json",
          "user-agent": "sopsloop-kubernetes-stand-in",
          ...(token && { authorization: `Bearer ${token()}` }),
          ...(body !== undefined && {
            "content-type": request.contentType ?? "application/json",
            "content-length": Buffer.byteLength(body),
          }),
        },
        timeout: SILENCE_MS,
      });
      let connected = false;
      outgoing.on("socket", (socket) => {
        if (outgoing.reusedSocket) connected = true;
        else {
          socket.once("secureConnect", () => {
            connected = true;
          });
        }
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${SILENCE_MS / 1000} s`)));
      outgoing.on("error", (error) => reject(this.broken(error, request, connected)));
      outgoing.on("response", (response) =>
        collect(response).then(resolve, (error) => reject(this.broken(error, request, true))),
      );
      outgoing.end(body);
    });
  }

  /** A write that left this machine may have been done, so the engine must not take it for undone. */
  private broken(error: Error, request: ApiRequest, sent: boolean): Error {
    const text = `cannot reach the Kubernetes API server at ${this.access.server.origin}: ${error.message || String(error)}`;
    return sent && request.method !== "GET"
      ? new UnknownOutcomeError(`${text}; whether the change was made is not known`)
      : new Error(`${text}; is it running, and is the kubeconfig's address right?`);
  }
}

async function collect(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const retryAfter = response.headers["retry-after"];
  return { code: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8"), retryAfter };
}
