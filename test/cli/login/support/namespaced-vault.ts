import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { request } from "node:https";
import type { SopsVault } from "../../rewrap/support/sops-vault";

/**
 * A real Vault as one namespace of an Enterprise server: the open-source build has none. As there, a request's namespace is its header's and, inside of that, the
 * one that its path begins with; all three writings of one namespace are the same, and there is nothing in any other.
 */
export class NamespacedVault {
  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async start(vault: SopsVault, namespace: string): Promise<NamespacedVault> {
    const front = { address: vault.address, ca: readFileSync(vault.ca, "utf8"), namespace };
    const server = createServer((asked, answer) => pass(front, asked, answer)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const bound = server.address();
    if (typeof bound !== "object" || bound === null) throw new Error("the server listens nowhere");
    return new NamespacedVault(server, `http://127.0.0.1:${bound.port}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}

interface Front {
  readonly address: string;
  readonly ca: string;
  readonly namespace: string;
}

function pass({ address, ca, namespace }: Front, asked: IncomingMessage, answer: ServerResponse): void {
  const { "x-vault-namespace": header = "", host: _, ...headers } = asked.headers;
  const path = (asked.url ?? "").replace(/^\/v1\//, "");
  const whole = [String(header).replace(/^\/+|\/+$/g, ""), path].filter((part) => part !== "").join("/");
  const within = whole.startsWith(`${namespace}/`) ? whole.slice(namespace.length + 1) : undefined;
  // A namespace of the same name within it, which is not there.
  if (within === undefined || within.startsWith(`${namespace}/`)) {
    const errors = [`no handler for route "${whole}". route entry not found.`];
    answer.writeHead(404, { "content-type": "application/json" }).end(JSON.stringify({ errors }));
    asked.resume();
    return;
  }
  const { method = "GET" } = asked;
  const onward = request(`${address}/v1/${within}`, { method, headers, ca }, (told) => {
    answer.writeHead(told.statusCode ?? 500, told.headers);
    told.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  asked.pipe(onward);
}
