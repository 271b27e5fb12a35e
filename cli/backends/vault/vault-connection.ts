import type { RequestOptions } from "node:https";
import { createSecureContext } from "node:tls";
import { CliError } from "../../errors/cli-error";
import { type HttpAnswer, HttpConnection, type Lost, PROXY_REFUSED } from "../http/http-connection";
import { jsonOf } from "../http/json-body";
import { type Clock, isTransient, REAL_CLOCK } from "../http/retries";
import { errorsOf, type VaultAnswer } from "./vault-answer";
import type { VaultSettings } from "./vault-settings";

type Headers = Readonly<Record<string, string>>;

/** Requests that one server gets at the same time. */
const SOCKETS = 4;

/** HTTP to one Vault, with the token in a header and nowhere else. */
export class VaultConnection {
  private readonly http: HttpConnection;

  /** @throws CliError for an address that is none. */
  constructor(
    public readonly address: string,
    private readonly settings: VaultSettings,
    clock: Clock = REAL_CLOCK,
  ) {
    const url = vaultUrl(address);
    // Certificates are read once, and not for each connection.
    const tls = url.protocol === "https:" ? secureOptions(settings) : {};
    const manners = {
      requireUsable: (answer: HttpAnswer) => this.requireUsable(answer),
      isTransient: (answer: HttpAnswer) => isTransient(answer.status) || noActiveNode(answer),
      unreachable: (lost: Lost) => this.unreachable(lost),
      exhausted: (answer: HttpAnswer, attempts: number) => this.exhausted(answer, attempts),
    };
    this.http = new HttpConnection(url, { tls, retries: settings.retries, sockets: SOCKETS }, manners, clock);
  }

  /**
   * `path` goes behind `/v1/` and must be encoded. @throws CliError when Vault is sealed, cannot be reached, or still asks for
   * patience at the last try.
   */
  async send(method: "GET" | "POST", path: string, body?: object): Promise<VaultAnswer> {
    const { namespace } = this.settings;
    const answer = await this.ask(method, path, headersOf(await this.token(), namespace), body);
    return namespace === undefined ? answer : { ...answer, namespace };
  }

  /** The token of this identity. A CI job's ID token is shown to Vault at the first call. @throws CliError where Vault refuses it. */
  async token(): Promise<string> {
    const { token } = this.settings;
    if (typeof token === "string") return token;
    return token.at(this.address, (path, body, namespace) =>
      this.ask("POST", path, headersOf(undefined, namespace), body),
    );
  }

  close(): void {
    this.http.close();
  }

  private async ask(
    method: "GET" | "POST",
    path: string,
    headers: Headers,
    body?: object,
  ): Promise<VaultAnswer> {
    const payload = body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) };
    const answer = await this.http.send({ method, path: `/v1/${path}`, headers, ...payload });
    return { status: answer.status, body: jsonOf(answer.body) };
  }

  /** A seal is opened by people, and a redirect would carry the token elsewhere: neither is worth another try. */
  private requireUsable({ status, body, headers }: HttpAnswer): void {
    if (status === 503 && /sealed/i.test(errorsOf(jsonOf(body))))
      throw new CliError(
        `Vault at ${this.address} is sealed; unseal it (vault operator unseal) and run this again`,
      );
    if (status >= 300 && status < 400)
      throw new CliError(
        `Vault at ${this.address} sends its callers on to ${originOf(headers.location)}; a token is not sent after a redirect: put that address into the files, or let Vault forward requests`,
      );
  }

  private unreachable({ code, message, attempts, proxy }: Lost): CliError {
    if (code === PROXY_REFUSED)
      return new CliError(
        `Vault at ${this.address} cannot be reached: the proxy ${proxy} answers ${message}; put its name and password into HTTPS_PROXY, or the host into NO_PROXY`,
      );
    const via = proxy === undefined ? "" : ` through the proxy ${proxy}`;
    const tries = attempts === 1 ? "" : `, tried ${attempts} times`;
    if (/CERT|ISSUER|SIGNED|SIGNATURE|ALTNAME/.test(code))
      return new CliError(
        `Vault at ${this.address}: its certificate is not trusted (${code}); set VAULT_CACERT to its CA's PEM file, or VAULT_TLS_SERVER_NAME to its name`,
      );
    return new CliError(
      `Vault at ${this.address} cannot be reached${via} (${code || message}${tries}); does it run, and can this machine reach it?`,
    );
  }

  private exhausted({ status, body }: HttpAnswer, attempts: number): CliError {
    const told = errorsOf(jsonOf(body));
    const why = told === "" ? `${status}` : `${status}: ${told}`;
    return new CliError(
      `Vault at ${this.address} still answers ${why}, tried ${attempts} times; run this again later (VAULT_MAX_RETRIES sets how patient it is)`,
    );
  }
}

function headersOf(token: string | undefined, namespace: string | undefined): Headers {
  return {
    "X-Vault-Request": "true",
    ...(token !== undefined && { "X-Vault-Token": token }),
    ...(namespace && { "X-Vault-Namespace": namespace }),
  };
}

function secureOptions({ tls }: VaultSettings): RequestOptions {
  const { servername, rejectUnauthorized, ...context } = tls;
  const secureContext = createSecureContext(context);
  return {
    ...{ secureContext },
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}

/** A standby between two leaders. Vault answers so with 500. */
function noActiveNode({ status, body }: HttpAnswer): boolean {
  return status === 500 && /active cluster node not found|no active node/i.test(errorsOf(jsonOf(body)));
}

function vaultUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && url.pathname === "/" && !url.search && !url.hash;
  if (!url || !isPlain || url.username !== "" || url.password !== "")
    throw new CliError(
      `${JSON.stringify(address)} is no address of a Vault; it looks like https://vault.example.com:8200`,
    );
  return url;
}

function originOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? new URL(location).origin : "another address";
}
