import { setTimeout as sleep } from "node:timers/promises";
import type { Unreached } from "../engine/http-transport";
import type { PlainMap, PlainValue } from "../engine/resource-type";
import { UnknownOutcomeError } from "../engine/unknown-outcome-error";
import { isList, isMap } from "../engine/wire";
import { type Connection, tokenOf } from "./connection";
import { type Answer, type Method, type Request, Transport } from "./transport";
import { VaultError } from "./vault-error";

const FIRST_WAIT_MS = 250;
/** A server that restarts, as against one that is not there or not to be trusted. */
const PASSING: ReadonlySet<string> = new Set(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN"]);

/**
 * Vault's HTTP API in three verbs. Paths are those of the `vault` command: `sys/policies/acl/x`, `auth/kubernetes/config`.
 * A request that met a busy server, or none, is repeated a few times; a refusal is a `VaultError`.
 */
export class VaultClient {
  private token: Promise<string> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly environment: Readonly<Record<string, string | undefined>>,
    private readonly transport: Transport = new Transport(connection),
    private readonly namespace: string | undefined = connection.namespace,
    /** Whose login this one goes by. */
    private readonly above?: VaultClient,
  ) {}

  /** The same server, in a namespace below the provider's own. */
  in(namespace: PlainValue | undefined): VaultClient {
    if (typeof namespace !== "string" || namespace === "") return this;
    const below = this.namespace === undefined ? namespace : `${this.namespace}/${namespace}`;
    return new VaultClient(this.connection, this.environment, this.transport, below, this);
  }

  /** The `data` at a path, `undefined` when there is nothing. */
  async read(path: string): Promise<PlainMap | undefined> {
    const answer = await this.request("GET", path, undefined, `read ${path}`);
    if (answer.status === 404 && complaintsOf(answer).length === 0) return undefined;
    return dataOf(this.fulfilled(answer, `read ${path}`));
  }

  /** Writes, and gives back the `data` of the answer, if it had any. */
  async write(path: string, body: PlainMap): Promise<PlainMap | undefined> {
    return dataOf(this.fulfilled(await this.request("PUT", path, body, `write ${path}`), `write ${path}`));
  }

  async delete(path: string): Promise<void> {
    this.fulfilled(await this.request("DELETE", path, undefined, `delete ${path}`), `delete ${path}`);
  }

  private async request(
    method: Method,
    path: string,
    body: PlainMap | undefined,
    doing: string,
  ): Promise<Answer> {
    return this.send(await this.loggedIn(), method, path, body, doing);
  }

  private fulfilled(answer: Answer, doing: string): Answer {
    if (answer.status < 400) return answer;
    const complaints = complaintsOf(answer);
    if (complaints.includes("Vault is sealed")) {
      throw new Error(
        `Vault at ${this.connection.address.origin} is sealed: cannot ${doing}; unseal it, then run again`,
      );
    }
    throw new VaultError(answer.status, complaints, doing);
  }

  /** Once, unless it failed. */
  private loggedIn(): Promise<string> {
    if (this.above) return this.above.loggedIn();
    this.token ??= this.login().catch((error: unknown) => {
      this.token = undefined;
      throw error;
    });
    return this.token;
  }

  private async login(): Promise<string> {
    const own = tokenOf(this.connection, this.environment);
    await this.lookUp(own);
    const { childToken } = this.connection;
    if (childToken === undefined) return own;
    const ttl = `${childToken.ttlSeconds}s`;
    const wish = { display_name: childToken.displayName, ttl, explicit_max_ttl: ttl, renewable: false };
    const doing = "make a child token (set skipChildToken to go without)";
    const answer = this.fulfilled(await this.send(own, "PUT", "auth/token/create", wish, doing), doing);
    const child = isMap(answer.body.auth) ? answer.body.auth.client_token : undefined;
    if (typeof child !== "string") throw new Error("Vault answered auth/token/create without a token");
    return child;
  }

  /** The official plugin does this before its first request, and goes no further with a token that may not look itself up. */
  private async lookUp(token: string): Promise<void> {
    const doing = "read auth/token/lookup-self";
    const answer = await this.send(token, "GET", "auth/token/lookup-self", undefined, doing);
    try {
      this.fulfilled(answer, doing);
    } catch (error) {
      throw error instanceof VaultError ? new Error(`failed to lookup token: ${error.message}`) : error;
    }
  }

  private async send(
    token: string,
    method: Method,
    path: string,
    body: PlainMap | undefined,
    doing: string,
  ): Promise<Answer> {
    const { address, maxRetries } = this.connection;
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= maxRetries;
      const answer = await this.attempt({ method, path, body, token, namespace: this.namespace }, doing);
      if ("code" in answer) {
        if (last || !PASSING.has(answer.code)) {
          throw new Error(
            `cannot reach Vault at ${address.origin} to ${doing}: ${answer.reason} (${answer.code})`,
          );
        }
      } else if (last || !isBusy(answer)) return answer;
      await sleep(FIRST_WAIT_MS * 2 ** attempt);
    }
  }

  /** A read whose connection broke can simply be repeated; a write may have been done. */
  private async attempt(request: Request, doing: string): Promise<Answer | Unreached> {
    try {
      return await this.transport.send(request);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (request.method === "GET") return { code: code ?? "", reason: message };
      const { origin } = this.connection.address;
      throw new UnknownOutcomeError(
        `Vault at ${origin} did not answer: ${doing} may or may not have happened (${code ?? message})`,
      );
    }
  }
}

function isBusy(answer: Answer): boolean {
  if (answer.status === 429) return true;
  return answer.status >= 500 && answer.status !== 501 && !complaintsOf(answer).includes("Vault is sealed");
}

function dataOf(answer: Answer): PlainMap | undefined {
  return isMap(answer.body.data) ? answer.body.data : undefined;
}

/** Vault's errors, with its bulleted lists taken apart. */
function complaintsOf(answer: Answer): string[] {
  const { errors } = answer.body;
  if (!isList(errors)) return [];
  return errors.flatMap((error) => {
    const text = String(error).trim();
    const bullets = [...text.matchAll(/^\s*\* (.+)$/gm)].map(([, bullet]) => bullet?.trim() ?? "");
    return bullets.length > 0 ? bullets : [text];
  });
}
