import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import {
  createServer as createProxy,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTls } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateAuthority } from "../../../../../../sandbox/servers/certificate-authority";
import { SmallKey, type SmallVersion } from "./small-key";

export const TENANT = "11111111-2222-3333-4444-555555555555";
export const CLIENT = "99999999-8888-7777-6666-555555555555";
export const VAULT = "https://kv-one.vault.azure.net";
export const OTHER_VAULT = "https://kv-two.vault.azure.net";
export const LOGIN = "login.microsoftonline.com";
const HOSTS = [LOGIN, "kv-one.vault.azure.net", "kv-two.vault.azure.net", "evil.example.com"];
/** 2026-01-01 */
const FIRST = 1767225600;

/** A request that came, with what it was let in by. */
export interface Heard {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Entra ID and vaults behind a proxy, under their real names, as much as sops and this command ask of them. Tokens are opaque; the
 * cryptography is real.
 */
export class SmallAzure {
  readonly heard: Heard[] = [];
  readonly keys = new Map<string, SmallKey>();
  /** Answers in place of the own ones: the first that is not undefined. */
  instead: (heard: Heard) => Answer | "hang up" | undefined = () => undefined;
  /** What the identity may do. */
  may = { read: true, list: true, decrypt: true, encrypt: true };
  tokenLife = 3600;
  private issued = 0;

  private constructor(
    private readonly folder: string,
    private readonly tls: Server,
    private readonly proxy: Server,
  ) {}

  static async start(): Promise<SmallAzure> {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-small-azure-"));
    const authority = await CertificateAuthority.open(folder, "small Azure");
    const files = await authority.issue("server", { commonName: "azure", hosts: HOSTS });
    const pair = { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
    const tls = createTls(pair) as Server;
    const proxy = createProxy().on("connect", (_request, client, head) => {
      const server = connect((tls.address() as AddressInfo).port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        server.write(head);
        client.pipe(server).pipe(client);
      });
      for (const socket of [client, server]) socket.on("error", () => socket.destroy());
    });
    const azure = new SmallAzure(folder, tls, proxy);
    tls.on("request", (request, response) => void azure.serve(request, response));
    for (const server of [tls, proxy]) await once(server.listen(0, "127.0.0.1"), "listening");
    return azure;
  }

  async stop(): Promise<void> {
    for (const server of [this.proxy, this.tls]) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  get ca(): string {
    return join(this.folder, "ca.pem");
  }

  get proxyAddress(): string {
    return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
  }

  /** What a CI job has set. */
  get env(): Record<string, string> {
    return {
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: CLIENT,
      AZURE_ID_TOKEN: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJqb2IifQ.c2lnbmF0dXJl",
      SSL_CERT_FILE: this.ca,
    };
  }

  key(name: string, vault = VAULT): SmallKey {
    const url = `${vault}/keys/${name}`;
    const key = this.keys.get(url) ?? new SmallKey(url, FIRST);
    this.keys.set(url, key);
    return key;
  }

  /** Requests with a token, as `GET /keys/sops`. */
  get asked(): string[] {
    return this.heard
      .filter(({ authorization }) => authorization !== undefined)
      .map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { host = "", authorization } = request.headers;
    const { method = "", url: path = "/" } = request;
    const heard = { host, method, path, authorization, body: Buffer.concat(parts).toString("utf8") };
    this.heard.push(heard);
    const answer = this.instead(heard) ?? (host === LOGIN ? this.login(heard) : this.vault(heard));
    if (answer === "hang up") {
      request.socket.destroy();
      return;
    }
    const body = answer.body === undefined ? "" : JSON.stringify(answer.body);
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(body);
  }

  private login({ path, method, body }: Heard): Answer {
    const base = `https://${LOGIN}/${TENANT}`;
    if (path.includes("/discovery/instance"))
      return {
        status: 200,
        body: { tenant_discovery_endpoint: `${base}/v2.0/.well-known/openid-configuration`, metadata: [] },
      };
    if (path.includes("openid-configuration"))
      return {
        status: 200,
        body: {
          issuer: `${base}/v2.0`,
          token_endpoint: `${base}/oauth2/v2.0/token`,
          authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
          jwks_uri: `https://${LOGIN}/keys`,
        },
      };
    if (method === "POST" && path.startsWith(`/${TENANT}/oauth2/v2.0/token`) && body.includes(CLIENT))
      return {
        status: 200,
        body: { token_type: "Bearer", expires_in: this.tokenLife, access_token: `token-${++this.issued}` },
      };
    return {
      status: 401,
      body: { error: "invalid_client", error_description: "AADSTS700016: Application was not found." },
    };
  }

  private vault({ host, method, path, authorization, body }: Heard): Answer {
    if (!/^Bearer token-\d+$/.test(authorization ?? ""))
      return {
        status: 401,
        headers: {
          "www-authenticate": `Bearer authorization="https://${LOGIN}/${TENANT}", resource="https://vault.azure.net"`,
        },
        body: refused("Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."),
      };
    const [, name = "", rest = ""] = /^\/keys\/([^/?]+)\/?([^?]*)/.exec(path) ?? [];
    const key = this.keys.get(`https://${host}/keys/${name}`);
    if (!key)
      return { status: 404, body: refused("KeyNotFound", `A key with (name/id) ${name} was not found`) };
    const [id = "", verb] = rest.split("/");
    if (method === "GET") return this.told(key, rest);
    const version = id === "" ? key.current : key.of(id);
    const operation = verb === "encrypt" ? "encrypt" : "decrypt";
    if (!this.may[operation])
      return forbidden("ForbiddenByRbac", "Caller is not authorized to perform action");
    if (!version) return { status: 404, body: refused("KeyNotFound", `no version ${id}`) };
    return operate(key, version, operation, JSON.parse(body).value);
  }

  private told(key: SmallKey, id: string): Answer {
    if (!this.may.read || (id.startsWith("versions") && !this.may.list))
      return forbidden("ForbiddenByRbac", "Caller is not authorized to perform action");
    const item = ({ id: version, attributes }: SmallVersion) => ({
      kid: `${key.url}/${version}`,
      attributes,
    });
    // Two pages, as a vault with many versions gives them; in no order.
    if (id.startsWith("versions")) {
      const all = [...key.versions].sort((one, other) => (one.id < other.id ? -1 : 1)).map(item);
      if (id === "versions/2") return { status: 200, body: { value: all.slice(1), nextLink: null } };
      return {
        status: 200,
        body: { value: all.slice(0, 1), nextLink: `${key.url}/versions/2?api-version=7.4` },
      };
    }
    const version = id === "" ? key.current : key.of(id);
    if (!version) return { status: 404, body: refused("KeyNotFound", `no version ${id}`) };
    const { n, e } = version.publicKey.export({ format: "jwk" });
    const jwk = { kid: `${key.url}/${version.id}`, kty: key.kty, n, e, key_ops: ["encrypt", "decrypt"] };
    return { status: 200, body: { key: jwk, attributes: version.attributes } };
  }
}

function operate(key: SmallKey, version: SmallVersion, operation: string, value: string): Answer {
  const { enabled, exp } = version.attributes;
  if (!enabled) return forbidden("KeyDisabled", `Operation ${operation} is not allowed on a disabled key.`);
  if (operation === "encrypt" && exp !== undefined && exp * 1000 <= Date.now())
    return forbidden("KeyExpired", "Operation encrypt is not allowed on an expired key.");
  const kid = `${key.url}/${version.id}`;
  if (operation === "encrypt")
    return { status: 200, body: { kid, value: key.wrap(Buffer.from(value, "base64url"), version.id) } };
  const opened = key.open(value, version.id);
  return opened
    ? { status: 200, body: { kid, value: opened.toString("base64url") } }
    : { status: 400, body: refused("BadParameter", "The parameter is incorrect.") };
}

function forbidden(code: string, message: string): Answer {
  return { status: 403, body: { error: { code: "Forbidden", message, innererror: { code } } } };
}

function refused(code: string, message: string) {
  return { error: { code, message } };
}
