import * as http from "node:http";
import * as https from "node:https";
import { createSecureContext } from "node:tls";
import { CliError } from "../../errors/cli-error";
import { proxyAgent, proxyFor } from "./proxy";
import { type Clock, isTransient, pauseMs, REAL_CLOCK } from "./retries";
import { errorsOf, type VaultAnswer } from "./vault-answer";
import type { VaultSettings } from "./vault-settings";

interface RawAnswer extends VaultAnswer {
  readonly retryAfter?: string;
  readonly location?: string;
}

type Headers = Readonly<Record<string, string>>;

/** Requests that one server gets at the same time. */
const SOCKETS = 4;
const SILENCE_MS = 60_000;
/** Code of a proxy's refusal, beside those of the system. */
const PROXY_REFUSED = "EPROXY";

/** A failed connection that may well work a moment later. All else, such as a certificate, stays wrong. */
const PASSING = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
  "ECONNABORTED",
]);

/**
 * HTTP to one Vault, over connections that are kept open, with the token in a header and nowhere else. Node's own client: loading a
 * larger one takes longer than most runs spend on the network.
 */
export class VaultConnection {
  private readonly url: URL;
  private readonly proxy: string | undefined;
  /** What a request needs beside an agent; certificates are read once, and not for each connection. */
  private readonly tls: https.RequestOptions;
  private agent: Promise<http.Agent> | undefined;

  /** @throws CliError for an address that is none. */
  constructor(
    public readonly address: string,
    private readonly settings: VaultSettings,
    private readonly clock: Clock = REAL_CLOCK,
  ) {
    this.url = vaultUrl(address);
    this.proxy = proxyFor(this.url);
    this.tls = this.url.protocol === "https:" ? secureOptions(settings) : {};
  }

  /**
   * `path` goes behind `/v1/` and must be encoded. @throws CliError when Vault is sealed, cannot be reached, or still asks for
   * patience at the last try.
   */
  async send(method: "GET" | "POST", path: string, body?: object): Promise<VaultAnswer> {
    const { namespace } = this.settings;
    return this.ask(method, path, headersOf(await this.token(), namespace), body);
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
    void this.agent?.then((agent) => agent.destroy());
  }

  private async ask(method: string, path: string, headers: Headers, body?: object): Promise<VaultAnswer> {
    for (let attempt = 1; ; attempt++) {
      const last = attempt > this.settings.retries;
      const answer = await this.attempt(method, path, headers, body).catch((error: NodeJS.ErrnoException) => {
        if (last || !PASSING.has(error.code ?? "")) throw this.unreachable(error, attempt);
        return undefined;
      });
      if (answer) {
        this.requireUsable(answer);
        if (!isTransient(answer.status) && !noActiveNode(answer)) return answer;
        if (last) throw this.exhausted(answer, attempt);
      }
      await this.clock.sleep(pauseMs(attempt, answer?.retryAfter, this.clock));
    }
  }

  private async open(): Promise<http.Agent> {
    const options = { keepAlive: true, maxSockets: SOCKETS };
    if (this.proxy !== undefined) return proxyAgent(this.proxy, options);
    return this.url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
  }

  private async attempt(method: string, path: string, headers: Headers, body?: object): Promise<RawAnswer> {
    this.agent ??= this.open();
    const agent = await this.agent;
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const options: https.RequestOptions = {
      ...this.tls,
      method,
      agent,
      headers: {
        ...headers,
        ...(payload && { "Content-Type": "application/json", "Content-Length": payload.length }),
      },
    };
    const { request } = this.url.protocol === "https:" ? https : http;
    return new Promise((resolve, reject) => {
      const sent = request(new URL(`/v1/${path}`, this.url), options, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const { "retry-after": retryAfter, location } = response.headers;
          resolve({
            status: response.statusCode ?? 0,
            body: jsonOf(Buffer.concat(parts).toString("utf8")),
            ...(retryAfter !== undefined && { retryAfter }),
            ...(location !== undefined && { location }),
          });
        });
      });
      sent.setTimeout(SILENCE_MS, () =>
        sent.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
      );
      // A proxy that refuses would otherwise pass for Vault.
      sent.on("proxyConnect", ({ statusCode }: { statusCode: number }) => {
        if (statusCode !== 200)
          sent.destroy(Object.assign(new Error(`${statusCode}`), { code: PROXY_REFUSED }));
      });
      sent.on("error", reject);
      sent.end(payload);
    });
  }

  /** A seal is opened by people, and a redirect would carry the token elsewhere: neither is worth another try. */
  private requireUsable({ status, body, location }: RawAnswer): void {
    const told = errorsOf(body);
    if (status === 503 && /sealed/i.test(told))
      throw new CliError(
        `Vault at ${this.address} is sealed; unseal it (vault operator unseal) and run this again`,
      );
    if (status >= 300 && status < 400)
      throw new CliError(
        `Vault at ${this.address} sends its callers on to ${originOf(location)}; a token is not sent after a redirect: put that address into the files, or let Vault forward requests`,
      );
  }

  private unreachable(error: NodeJS.ErrnoException, attempts: number): CliError {
    const code = error.code ?? "";
    const via = this.proxy === undefined ? "" : ` through the proxy ${withoutPassword(this.proxy)}`;
    if (code === PROXY_REFUSED)
      return new CliError(
        `Vault at ${this.address} cannot be reached: the proxy ${withoutPassword(this.proxy)} answers ${error.message}; put its name and password into HTTPS_PROXY, or the host into NO_PROXY`,
      );
    const tries = attempts === 1 ? "" : `, tried ${attempts} times`;
    if (/CERT|ISSUER|SIGNED|SIGNATURE|ALTNAME/.test(code))
      return new CliError(
        `Vault at ${this.address}: its certificate is not trusted (${code}); set VAULT_CACERT to its CA's PEM file, or VAULT_TLS_SERVER_NAME to its name`,
      );
    return new CliError(
      `Vault at ${this.address} cannot be reached${via} (${code || error.message}${tries}); does it run, and can this machine reach it?`,
    );
  }

  private exhausted({ status, body }: RawAnswer, attempts: number): CliError {
    const told = errorsOf(body);
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

function secureOptions({ tls }: VaultSettings): https.RequestOptions {
  const { servername, rejectUnauthorized, ...context } = tls;
  const secureContext = createSecureContext(context);
  return {
    ...{ secureContext },
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}

function withoutPassword(proxy = ""): string {
  return URL.canParse(proxy) ? new URL(proxy).host : proxy;
}

/** A standby between two leaders. Vault answers so with 500. */
function noActiveNode({ status, body }: RawAnswer): boolean {
  return status === 500 && /active cluster node not found|no active node/i.test(errorsOf(body));
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

function jsonOf(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
