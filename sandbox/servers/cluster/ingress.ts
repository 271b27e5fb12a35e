import { readFileSync } from "node:fs";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { CertificateAuthority } from "../certificate-authority";
import type { Layout } from "../layout";

/** What the relay shows to the outside; its figures, and whether it is ready, are for the cluster. */
const OPEN = new Set(["/events", "/healthz"]);

/** Whose certificate the ingress has. Event Grid's emulator trusts it, and so has to have it before the cluster runs. */
export function ingressAuthority({ ingress }: Layout): Promise<CertificateAuthority> {
  return CertificateAuthority.open(ingress.folder, "sopsloop sandbox ingress CA");
}

/** In the place of an ingress controller: ends TLS before the relay. */
export class Ingress {
  private server: Server | undefined;

  constructor(private readonly layout: Layout) {}

  async start(): Promise<void> {
    const { ports } = this.layout;
    const authority = await ingressAuthority(this.layout);
    const hosts = ["127.0.0.1", "localhost"];
    const { certificate, key } = await authority.issue("ingress", { commonName: "ingress", hosts });
    const server = createServer(
      { cert: readFileSync(certificate), key: readFileSync(key), minVersion: "TLSv1.2" },
      (asked, answer) => this.lead(asked, answer),
    );
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(ports.ingress, "127.0.0.1", () => resolve());
    });
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  private lead(asked: IncomingMessage, answer: ServerResponse): void {
    const { pathname } = new URL(asked.url ?? "/", this.layout.ingress.address);
    if (!OPEN.has(pathname)) {
      answer.writeHead(404).end();
      return;
    }
    const { method, headers, url: path } = asked;
    // A connection that was kept may be closed by the relay just now: a new one each time.
    const to = { host: "127.0.0.1", port: this.layout.ports.relay, agent: false };
    const inner = request({ ...to, method, headers, path });
    inner.on("response", (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    inner.on("error", () => {
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end();
    });
    answer.on("close", () => inner.destroy());
    asked.pipe(inner);
  }
}
