import { Agent, type RequestOptions, request } from "node:https";

/** How to reach a server with TLS of its own. */
export interface HttpsAccess {
  readonly address: string;
  /** PEM of the CA that signed the server's certificate. */
  readonly ca: string;
  /** PEM of a client certificate. */
  readonly cert?: string;
  readonly key?: string;
}

export interface JsonAnswer {
  readonly status: number;
  /** Parsed JSON; undefined for an empty body, the text itself for what is no JSON. */
  readonly body: unknown;
}

export interface JsonRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
}

/** JSON over HTTPS with a private CA and an optional client certificate, which `fetch` cannot be given. */
export class HttpsJson {
  private readonly agent: Agent;

  constructor(readonly access: HttpsAccess) {
    const { ca, cert, key } = access;
    this.agent = new Agent({ keepAlive: true, ca, ...(cert && key && { cert, key }) });
  }

  /** Rejects when no answer comes; any status is an answer. */
  send(method: string, path: string, { headers, body, contentType }: JsonRequest = {}): Promise<JsonAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const all = {
      ...headers,
      ...(text !== undefined && {
        "content-type": contentType ?? "application/json",
        "content-length": String(Buffer.byteLength(text)),
      }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(
        this.url(path),
        { ...this.options(method), headers: all, timeout: 30_000 },
        (response) => {
          let answer = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            answer += part;
          });
          response.on("error", reject);
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body: parse(answer) }));
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
      sent.on("error", reject);
      sent.end(text);
    });
  }

  /** Reads an endless answer line by line. Resolves when the server ends it; rejects when it breaks or is aborted. */
  lines(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = request(this.url(path), { ...this.options("GET"), signal }, (response) => {
        let rest = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          const lines = (rest + part).split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines) if (line !== "") onLine(line);
        });
        response.on("error", reject);
        response.on("end", () => resolve());
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  close(): void {
    this.agent.destroy();
  }

  private url(path: string): URL {
    return new URL(path, this.access.address);
  }

  private options(method: string): RequestOptions {
    return { method, agent: this.agent };
  }
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
