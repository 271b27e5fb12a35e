import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { PlainMap, PlainValue } from "../../../sandbox/providers/engine/resource-type";

/** One request as it arrived: `PUT projects/a%2Fb/triggers/3`, with its body. */
export interface Seen {
  readonly line: string;
  readonly body?: PlainValue;
}

export interface Reply {
  readonly status?: number;
  readonly body?: PlainValue;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds that the answer takes, so that requests that are not kept apart do overlap. */
  readonly afterMs?: number;
}

const ROOT = "/api/v4/";

/**
 * A GitLab that gives the answers that GitLab's documentation records, one after the other for each request line, the
 * last one again and again. It shows what the plugin asks for; how GitLab takes it is for the emulator to say.
 */
export class RecordedGitLab {
  readonly requests: Seen[] = [];
  readonly headers: IncomingMessage["headers"][] = [];
  /** The most writes that were under way at any time. */
  mostWritesAtOnce = 0;
  private writes = 0;
  private readonly replies = new Map<string, Reply[]>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<RecordedGitLab> {
    const server = createServer();
    const gitlab = new RecordedGitLab(server);
    server.on("request", async (request: IncomingMessage, response) => {
      const isWrite = request.method !== "GET";
      if (isWrite) gitlab.mostWritesAtOnce = Math.max(gitlab.mostWritesAtOnce, ++gitlab.writes);
      const reply = await gitlab.answer(request);
      if (reply?.afterMs !== undefined) await sleep(reply.afterMs);
      if (isWrite) gitlab.writes--;
      if (reply === undefined) request.socket.destroy();
      else {
        response.writeHead(reply.status ?? 200, reply.headers);
        response.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return gitlab;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  get config(): PlainMap {
    const { port } = this.server.address() as AddressInfo;
    return {
      baseUrl: `http://127.0.0.1:${port}${ROOT}`,
      token: "glpat-of-the-test",
      earlyAuthCheck: "false",
    };
  }

  /** Answers for one request line, in their order. A line that has none breaks the connection. */
  answers(line: string, ...replies: readonly Reply[]): this {
    this.replies.set(line, [...replies]);
    return this;
  }

  /** Takes what has been asked so far. */
  taken(): Seen[] {
    return this.requests.splice(0);
  }

  forget(): void {
    this.requests.length = 0;
    this.headers.length = 0;
    this.mostWritesAtOnce = 0;
    this.replies.clear();
  }

  private async answer(request: IncomingMessage): Promise<Reply | undefined> {
    const line = `${request.method} ${(request.url ?? "").slice(ROOT.length)}`;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    this.requests.push(text === "" ? { line } : { line, body: JSON.parse(text) as PlainValue });
    this.headers.push(request.headers);
    const left = this.replies.get(line) ?? [];
    return left.length > 1 ? left.shift() : left[0];
  }
}
