import { readFileSync } from "node:fs";
import { SandboxError } from "../processes/sandbox-error";
import { HttpsJson } from "./https-json";
import type { Layout } from "./layout";

/** Vault's HTTP API over the sandbox's TLS. Paths are without `/v1/`. */
export class VaultApi {
  private constructor(
    private readonly http: HttpsJson,
    private readonly token?: string,
  ) {}

  /** Without a token: enough to look at its health, to initialise and to unseal it. */
  static anonymous({ vault }: Layout): VaultApi {
    return new VaultApi(new HttpsJson({ address: vault.address, ca: readFileSync(vault.ca, "utf8") }));
  }

  static root({ vault }: Layout): VaultApi {
    const access = { address: vault.address, ca: readFileSync(vault.ca, "utf8") };
    return new VaultApi(new HttpsJson(access), readFileSync(vault.rootToken, "utf8").trim());
  }

  /** The answer's JSON; undefined when there is none, or for a GET of what does not exist. Throws on any other error. */
  async send<T = unknown>(method: string, path: string, body?: object): Promise<T | undefined> {
    const headers = { "x-vault-request": "true", ...(this.token && { "x-vault-token": this.token }) };
    const answer = await this.http.send(method, `/v1/${path}`, { headers, ...(body && { body }) });
    if (answer.status >= 200 && answer.status < 300) return answer.body as T;
    if (answer.status === 404 && method === "GET") return undefined;
    throw new SandboxError(`Vault answered ${answer.status} to ${method} ${path}: ${errorsOf(answer.body)}`);
  }

  /** Status of `sys/health`: 200 active, 501 not initialised, 503 sealed; 0 when nobody answers. */
  async health(): Promise<number> {
    return this.http.send("GET", "/v1/sys/health").then(
      ({ status }) => status,
      () => 0,
    );
  }

  close(): void {
    this.http.close();
  }
}

function errorsOf(body: unknown): string {
  const errors = typeof body === "object" && body !== null ? Reflect.get(body, "errors") : undefined;
  return Array.isArray(errors) ? errors.join("; ") : "(no reason given)";
}
