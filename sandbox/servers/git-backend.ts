import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { serveGit } from "./git-cgi";

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
    void serveGit(request, response, { ...url, folder: this.folder, user: "sandbox" });
  }
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
