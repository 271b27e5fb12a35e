import * as http from "node:http";
import * as https from "node:https";
import type { CliError } from "../../errors/cli-error";
import { proxyAgent, proxyFor } from "./proxy";
import { type Clock, isPassing, pauseMs, REAL_CLOCK } from "./retries";

/** What is sent. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** With its query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: Buffer;
}

/** What came back. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How the last try failed. */
export interface Lost {
  /** Of the system, of OpenSSL, or `PROXY_REFUSED`. */
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  /** Host and port of the proxy on the way, without its password. */
  readonly proxy?: string;
}

/** What a kind of server means by its answers, and how a person is told. */
export interface Manners {
  /** @throws CliError where another try is of no use, and the answer is of none either. */
  requireUsable?(answer: HttpAnswer): void;
  /** Whether the same request may well succeed a moment later. */
  isTransient(answer: HttpAnswer): boolean;
  unreachable(lost: Lost): CliError;
  /** For a last answer that was still transient. */
  exhausted(answer: HttpAnswer, attempts: number): CliError;
}

export interface HttpOptions {
  readonly tls: https.RequestOptions;
  /** How often a request is tried again that failed by no fault of its own. */
  readonly retries: number;
  /** Requests that the server gets at the same time. */
  readonly sockets: number;
}

const SILENCE_MS = 60_000;
/** Code of a proxy's refusal, beside those of the system; the message is its status. */
export const PROXY_REFUSED = "EPROXY";

/**
 * HTTP to one server, over connections that are kept open, and tried again where that may help. Node's own client: loading a larger
 * one takes longer than most runs spend on the network.
 */
export class HttpConnection {
  private readonly proxy: string | undefined;
  private agent: Promise<http.Agent> | undefined;
  /** What one request is asked to wait for, those that come after it wait for too. */
  private quietUntil = 0;

  constructor(
    private readonly url: URL,
    private readonly options: HttpOptions,
    private readonly manners: Manners,
    private readonly clock: Clock = REAL_CLOCK,
  ) {
    this.proxy = proxyFor(url);
  }

  /** Any status that is not worth another try is an answer. @throws CliError as the manners have it. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const ahead = this.quietUntil - this.clock.now();
    if (ahead > 0) await this.clock.sleep(ahead);
    for (let attempt = 1; ; attempt++) {
      const last = attempt > this.options.retries;
      const answer = await this.attempt(request).catch((error: NodeJS.ErrnoException) => {
        if (last || !isPassing(error.code)) throw this.lost(error, attempt);
        return undefined;
      });
      if (answer) {
        this.manners.requireUsable?.(answer);
        if (!this.manners.isTransient(answer)) return answer;
        if (last) throw this.manners.exhausted(answer, attempt);
      }
      const retryAfter = answer?.headers["retry-after"];
      const pause = pauseMs(attempt, retryAfter, this.clock);
      if (retryAfter !== undefined) this.quietUntil = Math.max(this.quietUntil, this.clock.now() + pause);
      await this.clock.sleep(pause);
    }
  }

  close(): void {
    void this.agent?.then((agent) => agent.destroy());
  }

  private async open(): Promise<http.Agent> {
    const options = { keepAlive: true, maxSockets: this.options.sockets };
    if (this.proxy !== undefined) return proxyAgent(this.proxy, options);
    return this.url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
  }

  private async attempt({ method, path, headers, body }: HttpRequest): Promise<HttpAnswer> {
    this.agent ??= this.open();
    const agent = await this.agent;
    const options: https.RequestOptions = {
      ...this.options.tls,
      method,
      agent,
      headers: {
        ...headers,
        ...(body && { "Content-Type": "application/json", "Content-Length": body.length }),
      },
    };
    const { request } = this.url.protocol === "https:" ? https : http;
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, this.url), options, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const whole = Buffer.concat(parts);
          // An answer may hold a data key: whoever asked clears the whole, and nobody else has the parts.
          for (const part of parts) part.fill(0);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: whole });
        });
      });
      sent.setTimeout(SILENCE_MS, () =>
        sent.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
      );
      // A proxy that refuses would otherwise pass for the server.
      sent.on("proxyConnect", ({ statusCode }: { statusCode: number }) => {
        if (statusCode !== 200)
          sent.destroy(Object.assign(new Error(`${statusCode}`), { code: PROXY_REFUSED }));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  private lost({ code = "", message }: NodeJS.ErrnoException, attempts: number): CliError {
    const proxy = this.proxy === undefined ? {} : { proxy: withoutPassword(this.proxy) };
    return this.manners.unreachable({ code, message, attempts, ...proxy });
  }
}

function withoutPassword(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).host : proxy;
}
