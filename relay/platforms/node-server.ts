import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Relay, type RelayTools } from "../relay";
import type { Settings } from "../settings/settings";
import { prometheusFigures } from "./figures";

export interface ListenAddress {
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
}

const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const CLEAN_MS = 600_000;
const IDLE_MS = 100;

/** A relay as a server of its own: what `sopsloop relay` runs. TLS is the business of whatever stands in front of it. */
export class NodeServer {
  private readonly cleaning: NodeJS.Timeout;

  private constructor(
    private readonly server: Server,
    readonly relay: Relay,
  ) {
    this.cleaning = setInterval(() => void relay.purge(), CLEAN_MS);
    this.cleaning.unref();
  }

  /** @throws the system's error when the address cannot be had. */
  static async start(
    settings: Settings,
    { host, port }: ListenAddress,
    tools: Omit<RelayTools, "meter" | "figures">,
  ): Promise<NodeServer> {
    const figures = prometheusFigures();
    const relay = new Relay(settings, { ...tools, meter: figures.meter, figures: figures.text });
    const server = createServer(
      { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS },
      getRequestListener(relay.handler),
    );
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, host, () => resolve());
    });
    return new NodeServer(server, relay);
  }

  /** `http://host:port`. */
  get address(): string {
    const { address, family, port } = this.server.address() as AddressInfo;
    return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  /** Takes no more requests, and waits for those in hand. */
  async stop(): Promise<void> {
    clearInterval(this.cleaning);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    // A connection that has got its answer is kept by the client, which knows of no end.
    const idle = setInterval(() => this.server.closeIdleConnections(), IDLE_MS);
    await closed;
    clearInterval(idle);
  }
}
