import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { Clock } from "../../../../../cli/backends/http/retries";
import { GitLabConnection } from "../../../../../cli/preview-comment/gitlab/gitlab-connection";
import { mergeRequestOf } from "../../../../../cli/preview-comment/gitlab/merge-request";
import { OwnComment, type Posted } from "../../../../../cli/preview-comment/gitlab/own-comment";

export const MARKER = "<!-- sopsloop preview-comment loop%2Fdev -->";
export const TEXT = `${MARKER}\nnew text\n`;
export const TOKEN = "glpat-secret";
const ME = 7;
/** So small that a few notes take several. */
const PAGE = 2;

export interface Note {
  readonly id: number;
  body: string;
  readonly author: { readonly id: number };
  readonly system: boolean;
}

/** What comes in the place of a true answer. `proceed` does what was asked; with false it hangs up instead of answering. */
export type Fault = (
  request: IncomingMessage,
  response: ServerResponse,
  proceed: (answers: boolean) => void,
) => void;

export const refusedWith =
  (status: number, body: unknown, more: Readonly<Record<string, string>> = {}): Fault =>
  (_, response) =>
    response.writeHead(status, more).end(JSON.stringify(body));
export const hangUp: Fault = (request) => request.socket.destroy();

export function note(id: number, body: string, author = ME, system = false): Note {
  return { id, body, author: { id: author }, system };
}

/** The four calls of GitLab's that a comment needs, on one merge request, with faults in between on demand. Time does not pass. */
export class FakeGitLab {
  notes: Note[] = [];
  /** One for each call; undefined lets one through. */
  faults: (Fault | undefined)[] = [];
  readonly heard: { readonly line: string; readonly headers: IncomingHttpHeaders }[] = [];
  /** Milliseconds that were waited before each further try. */
  readonly pauses: number[] = [];
  private readonly server = createServer((request, response) => {
    this.heard.push({ line: `${request.method ?? ""} ${request.url ?? ""}`, headers: request.headers });
    const proceed = (answers: boolean) => void this.handle(request, response, answers);
    const fault = this.faults.shift();
    if (fault) fault(request, response, proceed);
    else proceed(true);
  });

  static async start(): Promise<FakeGitLab> {
    const fake = new FakeGitLab();
    fake.server.listen(0, "127.0.0.1");
    await once(fake.server, "listening");
    return fake;
  }

  get address(): string {
    const bound = this.server.address();
    return typeof bound === "object" && bound ? `http://127.0.0.1:${bound.port}/api/v4` : "";
  }

  /** What was asked, without queries and in short. */
  get calls(): string[] {
    return this.heard.map(({ line }) =>
      line.replace(/\?.*/, "").replace("/api/v4/projects/101/merge_requests/3", "…"),
    );
  }

  /** Writes the comment, as the command does. */
  async write(text = TEXT): Promise<Posted> {
    const request = mergeRequestOf({
      env: {
        ...{ CI_API_V4_URL: this.address, CI_PROJECT_ID: "101", CI_MERGE_REQUEST_IID: "3" },
        GITLAB_TOKEN: TOKEN,
      },
    });
    const clock: Clock = {
      now: () => 0,
      random: () => 1,
      sleep: async (ms) => {
        this.pauses.push(ms);
      },
    };
    const own = new OwnComment(request, new GitLabConnection(request, clock));
    try {
      return await own.write(MARKER, text);
    } finally {
      own.close();
    }
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async handle(request: IncomingMessage, response: ServerResponse, answers: boolean): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const sent = Buffer.concat(parts).toString();
    const body = sent === "" ? "" : String((JSON.parse(sent) as { body: string }).body);
    const { status, value, next } = this.answer(
      request.method ?? "",
      new URL(request.url ?? "", "http://x"),
      body,
    );
    if (!answers) request.socket.destroy();
    else response.writeHead(status, { "x-next-page": next ?? "" }).end(value && JSON.stringify(value));
  }

  private answer(
    method: string,
    { pathname, searchParams }: URL,
    body: string,
  ): { status: number; value?: object; next?: string } {
    if (pathname === "/api/v4/user") return { status: 200, value: { id: ME } };
    const id = Number(/\/notes\/(\d+)$/.exec(pathname)?.[1]);
    const found = this.notes.find((one) => one.id === id);
    if (method === "GET") {
      const page = Number(searchParams.get("page"));
      const isLast = this.notes.length <= page * PAGE;
      const value = this.notes.slice((page - 1) * PAGE, page * PAGE);
      return { status: 200, value, ...(!isLast && { next: String(page + 1) }) };
    }
    if (method === "POST") {
      const made = note(this.notes.length + 100, body);
      this.notes.push(made);
      return { status: 201, value: made };
    }
    if (method === "PUT" && found) {
      found.body = body;
      return { status: 200, value: found };
    }
    this.notes = this.notes.filter((one) => one.id !== id);
    return { status: 204 };
  }
}
