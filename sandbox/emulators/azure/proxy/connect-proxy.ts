import { createServer as createHttp, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { HostTable, Listener } from "./host-table";

/** PEMs. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

/**
 * A proxy for HTTPS that ends TLS itself: clients that were told of it (`HTTPS_PROXY`) and of its certificate authority
 * (`SSL_CERT_FILE`) reach the emulator under Azure's own host names. What is not Azure's is refused, so that nothing
 * leaves the machine by this way.
 */
export class ConnectProxy {
  private readonly plain: Server;
  private readonly secure: Server;
  private readonly sockets = new Set<Socket>();

  /** @param own answers what is asked of the proxy's own address. */
  constructor(
    private readonly hosts: HostTable,
    identity: ServerIdentity,
    own: Listener,
  ) {
    this.secure = createHttps(identity, (request, response) => {
      const { servername } = request.socket as TLSSocket;
      const [host = "", port = "443"] = (request.headers.host ?? "").toLowerCase().split(":");
      const found = host === servername ? hosts.find(host, Number(port)) : undefined;
      if (found?.kind === "here") return found.listener(request, response);
      response.writeHead(421, { "content-type": "text/plain" });
      response.end(`This connection is for ${servername}, the request for ${host}.\n`);
    });
    // Longer than clients keep theirs: none is closed just as a request comes.
    this.secure.keepAliveTimeout = 75_000;
    this.plain = createHttp((request, response) => {
      if (request.url?.startsWith("/")) return own(request, response);
      response.writeHead(403, { "content-type": "text/plain" });
      response.end("This proxy takes HTTPS for Azure's hosts, and nothing else.\n");
    });
    this.plain.on("connect", (request, socket, head) => this.connect(request, socket as Socket, head));
  }

  /** `http://127.0.0.1:13600`. */
  get address(): string {
    return `http://127.0.0.1:${(this.plain.address() as AddressInfo).port}`;
  }

  /** @param port on 127.0.0.1; 0 for any. */
  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.plain.once("error", reject).listen(port, "127.0.0.1", () => resolve());
    });
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.plain.closeAllConnections();
    await new Promise<void>((resolve) => this.plain.close(() => resolve()));
  }

  private connect(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const [host = "", port = ""] = (request.url ?? "").split(":");
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    const { kind } = this.hosts.find(host, Number(port));
    if (kind !== "here") {
      const text =
        kind === "absent"
          ? `${host} does not exist in the emulator.\n`
          : `${host}:${port} is not Azure's, and this proxy leads to the emulator of Azure alone.\n`;
      const status = kind === "absent" ? "502 Bad Gateway" : "403 Forbidden";
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
      return;
    }
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) socket.unshift(head);
    this.secure.emit("connection", socket);
  }
}
