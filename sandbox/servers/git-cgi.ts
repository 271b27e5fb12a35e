import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { PLAIN_GIT, plainEnvironment } from "./environment";

/** One request of git's smart HTTP protocol. */
export interface GitRequest {
  /** Holds the repositories. */
  readonly folder: string;
  /** Path of the repository in the folder and what is asked of it, decoded: `/deploy.git/info/refs`. */
  readonly path: string;
  readonly query: string;
  /** Who asks, as git's hooks see it. */
  readonly user: string;
  /** Further variables of git's process. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Has `git http-backend`, a CGI program, answer a request. Resolves when it has. */
export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  asked: GitRequest,
): Promise<void> {
  const backend = spawn("git", ["http-backend"], { env: variables(request, asked) });
  request.pipe(backend.stdin);
  // The backend may end before it has read everything; its answer says why.
  backend.stdin.on("error", () => undefined);
  backend.on("error", () => fail(response));
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
  return new Promise((resolve) => {
    backend.on("close", () => {
      // What a push sets off has to be known before its client goes on.
      resolve();
      if (response.headersSent) response.end();
      else fail(response);
    });
  });
}

/** The variables of a CGI program, RFC 3875, and git's own. */
function variables(request: IncomingMessage, asked: GitRequest): Record<string, string> {
  const header = (name: string) => String(request.headers[name] ?? "");
  return {
    ...plainEnvironment(),
    GIT_PROJECT_ROOT: asked.folder,
    GIT_HTTP_EXPORT_ALL: "1",
    ...PLAIN_GIT,
    GIT_PROTOCOL: header("git-protocol"),
    REQUEST_METHOD: request.method ?? "GET",
    PATH_INFO: asked.path,
    QUERY_STRING: asked.query,
    CONTENT_TYPE: header("content-type"),
    ...(request.headers["content-length"] && { CONTENT_LENGTH: header("content-length") }),
    HTTP_CONTENT_ENCODING: header("content-encoding"),
    REMOTE_ADDR: "127.0.0.1",
    REMOTE_USER: asked.user,
    ...asked.variables,
  };
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
