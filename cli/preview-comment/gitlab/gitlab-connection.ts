import * as http from "node:http";
import * as https from "node:https";
import { proxyAgent, proxyFor } from "../../backends/http/proxy";
import { type Clock, isPassing, isTransient, pauseMs, REAL_CLOCK } from "../../backends/http/retries";
import type { MergeRequest } from "./merge-request";
import { Unanswered, unreachable } from "./refusals";

/** What GitLab said, whatever it was. */
export interface GitLabAnswer {
  readonly status: number;
  /** Undefined where it is no JSON. */
  readonly body: unknown;
  /** Number of the next page of a list; undefined on the last. */
  readonly nextPage?: string;
  readonly retryAfter?: string;
}

export type Method = "GET" | "POST" | "PUT" | "DELETE";

const TRIES = 5;
const SILENCE_MS = 60_000;
/** No answer of the calls that are made here is nearly as long. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

/** REST calls to GitLab, one after the other, with the token in a header and nowhere else. */
export class GitLabConnection {
  private agent: Promise<http.Agent> | undefined;

  constructor(
    private readonly to: Pick<MergeRequest, "api" | "token" | "ca">,
    private readonly clock: Clock = REAL_CLOCK,
  ) {}

  /**
   * Asks until there is an answer that means something. @param path behind `/api/v4/`, encoded. @throws CliError where there is none.
   */
  async ask(method: Method, path: string, body?: object): Promise<GitLabAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.once(method, path, body);
      if (!(answer instanceof Unanswered)) return answer;
      await this.pause(answer, attempt);
    }
  }

  /** One try, for calls that must not be made twice. `Unanswered` where it may or may not have been done. */
  async once(method: Method, path: string, body?: object): Promise<GitLabAnswer | Unanswered> {
    try {
      const answer = await this.send(method, path, body);
      const isDown = isTransient(answer.status) || answer.status === 500;
      return isDown ? new Unanswered(`${answer.status}`, answer.retryAfter) : answer;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (!isPassing(code)) throw unreachable(this.to.api, code || String(error));
      return new Unanswered(code, undefined);
    }
  }

  /** Waits before the next try. @throws CliError after the last. */
  async pause(failed: Unanswered, attempt: number): Promise<void> {
    if (attempt >= TRIES) throw failed.gaveUp(this.to.api, attempt);
    await this.clock.sleep(pauseMs(attempt, failed.retryAfter, this.clock));
  }

  close(): void {
    void this.agent?.then((agent) => agent.destroy());
  }

  private async open(url: URL): Promise<http.Agent> {
    const options = { keepAlive: true, maxSockets: 1 };
    const proxy = proxyFor(url);
    if (proxy !== undefined) return proxyAgent(proxy, options);
    return url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
  }

  private async send(method: Method, path: string, body?: object): Promise<GitLabAnswer> {
    const url = new URL(`${this.to.api}/${path}`);
    this.agent ??= this.open(url);
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const options: https.RequestOptions = {
      method,
      agent: await this.agent,
      ...(this.to.ca && { ca: [...this.to.ca] }),
      headers: {
        "PRIVATE-TOKEN": this.to.token,
        Accept: "application/json",
        ...(payload && { "Content-Type": "application/json", "Content-Length": payload.length }),
      },
    };
    const { request } = url.protocol === "https:" ? https : http;
    return new Promise((resolve, reject) => {
      const sent = request(url, options, (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on("data", (part: Buffer) => {
          length += part.length;
          if (length > LONGEST_ANSWER) sent.destroy(new Error("an answer without an end"));
          else parts.push(part);
        });
        response.on("error", reject);
        response.on("end", () => resolve(answerOf(response, Buffer.concat(parts).toString("utf8"))));
      });
      sent.setTimeout(SILENCE_MS, () =>
        sent.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
      );
      sent.on("error", reject);
      sent.end(payload);
    });
  }
}

function answerOf({ statusCode, headers }: http.IncomingMessage, text: string): GitLabAnswer {
  const { "retry-after": retryAfter, "x-next-page": next } = headers;
  return {
    status: statusCode ?? 0,
    body: jsonOf(text),
    ...(typeof next === "string" && /^\d+$/.test(next) && { nextPage: next }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
