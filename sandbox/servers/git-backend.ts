import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { plainEnvironment } from "./environment";

/** A web server on 127.0.0.1 in front of `git http-backend`: clone, fetch and push for every repository in a folder. */
export class GitBackend {
  private readonly server: Server;

  constructor(private readonly folder: string) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject).listen(port, "127.0.0.1", () => resolve());
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const backend = spawn("git", ["http-backend"], { env: this.variables(request) });
    request.pipe(backend.stdin);
    // The backend may end before it has read everything; its answer says why.
    backend.stdin.on("error", () => undefined);
    backend.on("error", () => fail(response));
    backend.on("close", () => (response.headersSent ? response.end() : fail(response)));
    response.on("close", () => backend.kill());

    let head = Buffer.alloc(0);
    const onHead = (part: Buffer) => {
      head = Buffer.concat([head, part]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      backend.stdout.off("data", onHead);
      const { status, headers } = parseHead(head.subarray(0, end).toString("latin1"));
      response.writeHead(status, headers);
      response.write(head.subarray(end + 4));
      backend.stdout.pipe(response, { end: false });
    };
    backend.stdout.on("data", onHead);
  }

  /** The variables of a CGI program, RFC 3875, and git's own. */
  private variables(request: IncomingMessage): Record<string, string> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const header = (name: string) => String(request.headers[name] ?? "");
    return {
      ...plainEnvironment(),
      GIT_PROJECT_ROOT: this.folder,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_PROTOCOL: header("git-protocol"),
      REQUEST_METHOD: request.method ?? "GET",
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: header("content-type"),
      ...(request.headers["content-length"] && { CONTENT_LENGTH: header("content-length") }),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      REMOTE_ADDR: "127.0.0.1",
      REMOTE_USER: "sandbox",
    };
  }
}

function parseHead(text: string): { status: number; headers: Record<string, string> } {
  const pairs = text.split("\r\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const { status, ...headers } = Object.fromEntries(pairs);
  return { status: Number.parseInt(status ?? "200", 10), headers };
}

function fail(response: ServerResponse): void {
  if (!response.headersSent) response.writeHead(500);
  response.end();
}
