import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that is nobody's Vault. It remembers the token of each request. */
export class ForeignServer {
  readonly tokens: (string | undefined)[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const { "x-vault-token": token } = request.headers;
      this.tokens.push(Array.isArray(token) ? token.join() : token);
      response.writeHead(403, { "content-type": "application/json" }).end('{"errors":["no"]}');
    });
  }

  static async start(): Promise<ForeignServer> {
    const foreign = new ForeignServer();
    foreign.server.listen(0, "127.0.0.1");
    await once(foreign.server, "listening");
    return foreign;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
