import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlainMap, PlainValue } from "../../../../sandbox/providers/engine/resource-type";
import { CertificateAuthority } from "../../../../sandbox/servers/certificate-authority";

export const SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
export const TENANT = "22222222-2222-4222-8222-222222222222";
export const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`;
export const SECRET = "the-client-secret-of-the-test";

/** One request as it arrived: `PUT /subscriptions/…` for ARM, with the host before the path for any other. */
export interface Seen {
  readonly line: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  /** JSON where it is, else the text. */
  readonly body: PlainValue | undefined;
}

export interface Reply {
  readonly status?: number;
  readonly body?: PlainValue;
  readonly headers?: Readonly<Record<string, string>>;
}

const ARM = "management.azure.com";
const LOGIN = "login.microsoftonline.com";
const HOSTS = [ARM, LOGIN, "kv-sops.vault.azure.net", "strelay.blob.core.windows.net", "ci.example.com"];

/**
 * An Azure that gives the answers that Azure's documentation records, one after the other for each request line, the last one
 * again and again. It stands behind a proxy, under Azure's own host names, as the sandbox has it. Entra gives a token to everybody
 * unless it is told otherwise.
 */
export class RecordedAzure {
  private readonly requests: Seen[] = [];
  private readonly replies = new Map<string, Reply[]>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly folder: string,
    private readonly secure: SecureServer,
    private readonly proxy: Server,
  ) {}

  static async start(): Promise<RecordedAzure> {
    const folder = mkdtempSync(join(tmpdir(), "azure-provider-"));
    const authority = await CertificateAuthority.open(folder, "test-ca");
    const files = await authority.issue("server", { commonName: "azure", hosts: HOSTS });
    const pair = { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
    const azure = new RecordedAzure(folder, createSecureServer(pair), createServer());
    azure.secure.on("request", async (request, response) => {
      const reply = await azure.answer(request);
      if (reply === undefined) request.socket.destroy();
      else {
        response.writeHead(reply.status ?? 200, reply.headers);
        response.end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body));
      }
    });
    azure.proxy.on("connect", (request, socket, head) => azure.tunnel(request, socket as Socket, head));
    for (const server of [azure.secure, azure.proxy]) {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    }
    return azure;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    for (const server of [this.secure, this.proxy]) {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    }
    rmSync(this.folder, { recursive: true });
  }

  /** What leads a plugin here. */
  get environment(): { readonly HTTPS_PROXY: string; readonly SSL_CERT_FILE: string } {
    const { port } = this.proxy.address() as AddressInfo;
    return { HTTPS_PROXY: `http://127.0.0.1:${port}`, SSL_CERT_FILE: join(this.folder, "ca.pem") };
  }

  get config(): PlainMap {
    return { subscriptionId: SUBSCRIPTION, tenantId: TENANT, clientId: "the-client", clientSecret: SECRET };
  }

  /** Answers for one request line, in their order. A line that has none breaks the connection. */
  answers(line: string, ...replies: readonly Reply[]): this {
    this.replies.set(line, [...replies]);
    return this;
  }

  /** Takes what has been asked so far. */
  taken(): Seen[] {
    return this.requests.splice(0);
  }

  forget(): void {
    this.requests.length = 0;
    this.replies.clear();
    this.answers(`POST ${LOGIN}/${TENANT}/oauth2/v2.0/token`, {
      body: {
        access_token: tokenOf({ oid: "the-object", appid: "the-client", tid: TENANT }),
        expires_in: 3599,
      },
    });
  }

  private async answer(request: IncomingMessage): Promise<Reply | undefined> {
    const host = String(request.headers.host);
    const url = new URL(request.url ?? "", `https://${host}`);
    const line = `${request.method} ${host === ARM ? "" : host}${url.pathname}`;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = bodyIn(Buffer.concat(chunks).toString("utf8"));
    this.requests.push({ line, query: Object.fromEntries(url.searchParams), headers: request.headers, body });
    const left = this.replies.get(line) ?? [];
    return left.length > 1 ? left.shift() : left[0];
  }

  private tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const [host = ""] = (request.url ?? "").split(":");
    this.keep(socket);
    if (!HOSTS.includes(host)) {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const onwards = connect((this.secure.address() as AddressInfo).port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onwards.write(head);
      socket.pipe(onwards).pipe(socket);
    });
    this.keep(onwards);
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket)).on("error", () => socket.destroy());
  }
}

/** A token as Entra makes it, but for the signature. */
export function tokenOf(claims: PlainMap): string {
  const part = (value: PlainMap) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmF0dXJl`;
}

function bodyIn(text: string): PlainValue | undefined {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as PlainValue;
  } catch {
    return text;
  }
}
