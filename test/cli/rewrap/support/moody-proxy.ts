import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateAuthority } from "../../../../sandbox/servers/certificate-authority";

/** What happens to a request: an answer of the proxy's own, a lost connection, or the server's answer, perhaps after something else. */
export type Mood =
  | { readonly status: number; readonly headers?: Record<string, string> }
  | { readonly after: () => Promise<unknown> }
  | "hang up"
  | "pass";

/** TLS before a real server, as a load balancer is, which answers by itself at times. */
export class MoodyProxy {
  /** For the next requests, in turn; when they are used up every request passes. */
  moods: Mood[] = [];
  /** Used for every request when set. */
  always: Mood | undefined;
  requests = 0;

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    readonly address: string,
  ) {}

  get ca(): string {
    return join(this.folder, "ca.pem");
  }

  /** @param target its address, and the file with the certificate authority that it has. */
  static async before(target: { readonly address: string; readonly ca: string }): Promise<MoodyProxy> {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-proxy-"));
    const authority = await CertificateAuthority.open(folder, "proxy CA");
    const pair = await authority.issue("server", { commonName: "proxy", hosts: ["127.0.0.1"] });
    const server = createServer({ cert: readFileSync(pair.certificate), key: readFileSync(pair.key) });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const bound = server.address();
    const port = typeof bound === "object" && bound ? bound.port : 0;
    const proxy = new MoodyProxy(server, folder, `https://127.0.0.1:${port}`);
    const ca = readFileSync(target.ca);
    server.on("request", async (incoming, outgoing) => {
      proxy.requests++;
      const mood = proxy.always ?? proxy.moods.shift() ?? "pass";
      if (mood === "hang up") {
        incoming.socket.destroy();
        return;
      }
      if (mood !== "pass" && "after" in mood) await mood.after();
      else if (mood !== "pass") {
        outgoing
          .writeHead(mood.status, mood.headers)
          .end(JSON.stringify({ errors: ["the proxy is in a mood"] }));
        return;
      }
      const { method, headers, url } = incoming;
      const onward = request(new URL(url ?? "/", target.address), { method, headers, ca }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on("error", () => outgoing.destroy());
      incoming.pipe(onward);
    });
    return proxy;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
