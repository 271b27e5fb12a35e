import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/**
 * A TCP proxy in front of a server that holds every answer back for a while. With it a test can kill a client after
 * the server has done the work and before the client knows: the window in which an interrupted `pulumi up` loses track.
 */
export class SlowProxy {
  private readonly sockets = new Set<Socket>();
  private delay = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(targetPort: number): Promise<SlowProxy> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const proxy = new SlowProxy(server, (server.address() as AddressInfo).port);
    server.on("connection", (client) => proxy.join(client, targetPort));
    return proxy;
  }

  /** Milliseconds by which answers are late from now on; 0 passes them straight through. */
  holdAnswers(milliseconds: number): void {
    this.delay = milliseconds;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private join(client: Socket, targetPort: number): void {
    const target = connect(targetPort, "127.0.0.1");
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(target);
    target.on("data", (chunk) => {
      if (this.delay === 0) client.write(chunk);
      else setTimeout(() => client.writable && client.write(chunk), this.delay);
    });
  }
}
