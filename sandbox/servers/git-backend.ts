import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PLAIN_GIT, plainEnvironment } from "./environment";

interface RequestUrl {
  /** Decoded. */
  readonly path: string;
  readonly query: string;
}

/**
 * A web server on 127.0.0.1 in front of `git http-backend`: clone, fetch and push for every repository in a folder. Not
 * for browsers: a page that reaches it by a name of its own (DNS rebinding), or from another origin, is refused.
 */
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
    const { port } = this.server.address() as AddressInfo;
    const expected = [`127.0.0.1:${port}`, `localhost:${port}`];
    if (!expected.includes(request.headers.host ?? "") || request.headers.origin !== undefined) {
      fail(response, 403);
      return;
    }
    const url = parseUrl(request.url ?? "/");
    if (!url) {
      fail(response, 400);
      return;
    }
    const backend = spawn("git", ["http-backend"], { env: this.variables(request, url) });
    request.pipe(backend.stdin);
    // The backend may end before it has read everything; its answer says why.
    backend.stdin.on("error", () => undefined);
    backend.on("error", () => fail(response, 500));
    backend.on("close", () => (response.headersSent ? response.end() : fail(response, 500)));
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
  private variables(request: IncomingMessage, url: RequestUrl): Record<string, string> {
    const header = (name: string) => String(request.headers[name] ?? "");
    return {
      ...plainEnvironment(),
      GIT_PROJECT_ROOT: this.folder,
      GIT_HTTP_EXPORT_ALL: "1",
      ...PLAIN_GIT,
      GIT_PROTOCOL: header("git-protocol"),
      REQUEST_METHOD: request.method ?? "GET",
      PATH_INFO: url.path,
      QUERY_STRING: url.query,
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

/** Undefined when it cannot be read as a URL. */
function parseUrl(text: string): RequestUrl | undefined {
  try {
    const { pathname, search } = new URL(text, "http://localhost");
    return { path: decodeURIComponent(pathname), query: search.slice(1) };
  } catch {
    return undefined;
  }
}

function fail(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status);
  response.end();
}
