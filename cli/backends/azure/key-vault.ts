import { createPublicKey, type KeyObject } from "node:crypto";
import { CliError } from "../../errors/cli-error";
import { type HttpAnswer, HttpConnection, type Lost, PROXY_REFUSED } from "../http/http-connection";
import { jsonOf } from "../http/json-body";
import { type Clock, isTransient } from "../http/retries";
import type { AccessTokens } from "./access-tokens";
import type { AzureKey } from "./azure-key";
import type { AzureSettings } from "./azure-settings";
import { type Challenge, readChallenge } from "./challenge";
import { type KeyVersion, keyVersion } from "./key-versions";
import { refusal, shutOut } from "./refusals";
import { secretValue } from "./secret-value";
import { secureOptions } from "./secure-options";
import { fieldOf, vaultErrorOf } from "./vault-error";

/** The version that a vault gives to whoever names none. */
export interface CurrentKey {
  readonly version: KeyVersion;
  readonly publicKey: KeyObject;
}

/** A vault takes 4,000 operations by RSA keys of 2,048 bits in ten seconds; with an answer in 25 ms that is ten at a time. */
export const IN_FLIGHT = 10;
/** Patient enough for the ten seconds over which a vault counts. */
const RETRIES = 6;
/** Known to every cloud, and to Managed HSM. */
const API = "api-version=7.4";
const ALGORITHM = "RSA-OAEP-256";

/** HTTP to one vault: those requests that sops's own library makes, and the few that rotation needs, with the token in a header and nowhere else. */
export class KeyVault {
  private readonly http: HttpConnection;
  private challenge: Promise<Challenge> | undefined;

  constructor(
    private readonly vault: string,
    settings: AzureSettings,
    private readonly tokens: AccessTokens,
    clock: Clock,
  ) {
    const manners = {
      requireUsable: (answer: HttpAnswer) => this.requireUsable(answer),
      isTransient: ({ status }: HttpAnswer) => isTransient(status) || status === 408 || status === 500,
      unreachable: (lost: Lost) => this.unreachable(lost),
      exhausted: (answer: HttpAnswer, attempts: number) => this.exhausted(answer, attempts),
    };
    const tls = secureOptions(settings);
    this.http = new HttpConnection(
      new URL(vault),
      { tls, retries: RETRIES, sockets: IN_FLIGHT },
      manners,
      clock,
    );
  }

  /** A text says why not. @throws CliError where the vault or the identity cannot be used. */
  async current(key: AzureKey): Promise<CurrentKey | string> {
    const answer = await this.send(key, "GET", `/keys/${key.name}?${API}`);
    if (answer.status !== 200) return refusal(key, "read", undefined, answer);
    const body = jsonOf(answer.body);
    const jwk = fieldOf(body, "key");
    const [kty, n, e] = ["kty", "n", "e"].map((name) => fieldOf(jwk, name));
    if (typeof kty === "string" && !/^RSA(-HSM)?$/.test(kty))
      return `${key.key} is a key of type ${kty}, and sops wraps by RSA keys only`;
    const version = keyVersion(fieldOf(jwk, "kid"), fieldOf(body, "attributes"));
    if (!version || typeof n !== "string" || typeof e !== "string")
      return `${key.vault} does not tell the current version of ${key.name}`;
    return { version, publicKey: createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" }) };
  }

  /** Undefined where the identity may not list them. @throws CliError as above. */
  async versions(key: AzureKey): Promise<readonly KeyVersion[] | undefined> {
    const found: KeyVersion[] = [];
    const asked = new Set<string>();
    let path: string | undefined = `/keys/${key.name}/versions?${API}`;
    while (path !== undefined && !asked.has(path)) {
      asked.add(path);
      const answer: HttpAnswer = await this.send(key, "GET", path);
      if (answer.status !== 200) return undefined;
      const body = jsonOf(answer.body);
      const page = fieldOf(body, "value");
      for (const item of Array.isArray(page) ? page : []) {
        const version = keyVersion(fieldOf(item, "kid"), fieldOf(item, "attributes"));
        if (version) found.push(version);
      }
      path = this.pathOf(fieldOf(body, "nextLink"));
    }
    return found;
  }

  /**
   * A data key, or why it does not open. Whoever gets it clears it.
   *
   * @param wrapped base64url
   * @throws CliError as above
   */
  async decrypt(key: AzureKey, version: string, wrapped: string): Promise<Buffer | string> {
    const body = Buffer.from(JSON.stringify({ alg: ALGORITHM, value: wrapped }));
    const answer = await this.send(key, "POST", `/keys/${key.name}/${version}/decrypt?${API}`, body);
    if (answer.status !== 200) return refusal(key, "decrypt", version, answer);
    const dataKey = secretValue(answer.body);
    answer.body.fill(0);
    return dataKey ?? `${key.vault} answered with no data key`;
  }

  /** Closes a version, for decryption too; it can be enabled again. Undefined when done, or why not. @throws CliError as above. */
  async disable(key: AzureKey, version: string): Promise<string | undefined> {
    const body = Buffer.from(JSON.stringify({ attributes: { enabled: false } }));
    const answer = await this.send(key, "PATCH", `/keys/${key.name}/${version}?${API}`, body);
    return answer.status === 200 ? undefined : refusal(key, "update", version, answer);
  }

  close(): void {
    this.http.close();
  }

  private async send(
    key: AzureKey,
    method: "GET" | "POST" | "PATCH",
    path: string,
    body?: Buffer,
  ): Promise<HttpAnswer> {
    this.challenge ??= this.ask(key);
    const token = await this.tokens.for(await this.challenge);
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
    return this.http.send({ method, path, headers, ...(body && { body }) });
  }

  /** Sent without a token and without a body, so that it tells the vault nothing but a name. */
  private async ask(key: AzureKey): Promise<Challenge> {
    const path = `/keys/${key.name}?${API}`;
    const answer = await this.http.send({ method: "GET", path, headers: { Accept: "application/json" } });
    if (answer.status === 403)
      throw new CliError(shutOut(this.vault, vaultErrorOf(answer.body).code || "403"));
    return readChallenge(key, answer.status === 401 ? answer.headers["www-authenticate"] : undefined);
  }

  /** Of the next page, which must be this vault's. */
  private pathOf(link: unknown): string | undefined {
    if (typeof link !== "string" || !URL.canParse(link)) return undefined;
    const { origin, pathname, search } = new URL(link);
    return origin === this.vault ? `${pathname}${search}` : undefined;
  }

  private requireUsable({ status }: HttpAnswer): void {
    if (status >= 300 && status < 400)
      throw new CliError(
        `${this.vault} sends its callers elsewhere (${status}), which no vault does; a token does not follow: is there a proxy that wants a login?`,
      );
  }

  private unreachable({ code, message, attempts, proxy }: Lost): CliError {
    if (code === PROXY_REFUSED)
      return new CliError(
        `${this.vault} cannot be reached: the proxy ${proxy} answers ${message}; put its name and password into HTTPS_PROXY, or the host into NO_PROXY`,
      );
    if (code === "ENOTFOUND")
      return new CliError(
        `${this.vault}: there is no such host; was the vault deleted, or its name mistyped? (az keyvault list-deleted)`,
      );
    if (/CERT|ISSUER|SIGNED|SIGNATURE|ALTNAME/.test(code))
      return new CliError(
        `${this.vault}: its certificate is not trusted (${code}); set SSL_CERT_FILE to its CA's PEM file`,
      );
    const via = proxy === undefined ? "" : ` through the proxy ${proxy}`;
    const tries = attempts === 1 ? "" : `, tried ${attempts} times`;
    return new CliError(
      `${this.vault} cannot be reached${via} (${code || message}${tries}); can this machine reach it?`,
    );
  }

  private exhausted({ status, body }: HttpAnswer, attempts: number): CliError {
    const { code, message } = vaultErrorOf(body);
    const told = [code, message].filter((part) => part !== "").join(": ");
    return new CliError(
      `${this.vault} still answers ${status}${told === "" ? "" : ` (${told})`}, tried ${attempts} times; run this again later`,
    );
  }
}
