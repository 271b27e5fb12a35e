import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, request as requestHttp, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { duplexPair } from "node:stream";
import { UnsecuredJWT } from "jose";
import type { RoleAccess } from "../arm/access";
import type { Resources } from "../arm/resources";
import { AUDIENCES } from "../entra/audiences";
import type { Tokens } from "../entra/tokens";
import type { Firewall } from "../firewall";
import { at, listAt } from "../json";
import type { Resource } from "../model";
import { type AccountKeys, Azurite, type StorageKind } from "./azurite";
import { needOf } from "./rights";
import { refuse, StorageRefusal } from "./storage-refusal";

export const STORAGE_ACCOUNTS = "Microsoft.Storage/storageAccounts";

/** Storage accounts: Azurite behind Azure's checks of tokens and roles. */
export class StorageService {
  private azurite: Promise<Azurite> | undefined;

  constructor(
    private readonly folder: string,
    private readonly resources: Resources,
    private readonly access: RoleAccess,
    private readonly tokens: Tokens,
    private readonly firewall: Firewall,
  ) {}

  account(name: string): Resource | undefined {
    return this.resources.ofType(STORAGE_ACCOUNTS).find((one) => one.name === name.toLowerCase());
  }

  /** Two keys for a new account. */
  newKeys(): string[] {
    return [randomBytes(64).toString("base64"), randomBytes(64).toString("base64")];
  }

  /** To be called when an account has come or gone. */
  async accountsChanged(): Promise<void> {
    (await this.opened()).setAccounts(this.accounts());
  }

  /** Answers a request to `<account>.<kind>.core.windows.net`. */
  async forward(kind: StorageKind, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.check(kind, request);
      (await this.opened()).handle(kind, request, response);
    } catch (error) {
      refuse(kind, response, error, this.tokens.tenantId);
    }
  }

  createContainer(account: string, container: string): Promise<void> {
    return this.send("blob", "PUT", account, `/${container}?restype=container`, [201, 409]);
  }

  deleteContainer(account: string, container: string): Promise<void> {
    return this.send("blob", "DELETE", account, `/${container}?restype=container`, [202, 404]);
  }

  createTable(account: string, table: string): Promise<void> {
    const headers = { "content-type": "application/json", accept: "application/json;odata=nometadata" };
    const body = JSON.stringify({ TableName: table });
    return this.send("table", "POST", account, "/Tables", [201, 204, 409], { headers, body });
  }

  deleteTable(account: string, table: string): Promise<void> {
    const headers = { accept: "application/json;odata=nometadata" };
    return this.send("table", "DELETE", account, `/Tables('${table}')`, [204, 404], { headers });
  }

  putBlob(account: string, container: string, blob: string, body: string): Promise<void> {
    const headers = { "x-ms-blob-type": "BlockBlob", "content-type": "application/json" };
    return this.send("blob", "PUT", account, `/${container}/${blob}`, [201], { headers, body });
  }

  async close(): Promise<void> {
    await (await this.azurite)?.close();
  }

  /** Refuses what the caller may not do. A bearer token that is good becomes one that Azurite takes. */
  private async check(kind: StorageKind, request: IncomingMessage): Promise<void> {
    const url = new URL(request.url ?? "/", `https://${request.headers.host}`);
    const account = this.account(url.hostname.split(".")[0] ?? "");
    if (account === undefined) throw new StorageRefusal(404, "ResourceNotFound", "There is no such account.");
    if (this.firewall.refusal(account) !== undefined)
      throw new StorageRefusal(
        403,
        "AuthorizationFailure",
        "This request is not authorized to perform this operation.",
      );
    const { authorization } = request.headers;
    const signed = authorization?.startsWith("SharedKey");
    if (signed || url.searchParams.has("sig")) {
      // Azurite checks keys and signatures by itself; a token besides it would believe.
      if (!signed) delete request.headers.authorization;
      if (at(account.body, "properties", "allowSharedKeyAccess") !== false) return;
      throw new StorageRefusal(
        403,
        "KeyBasedAuthenticationNotPermitted",
        "Key based authentication is not permitted on this storage account.",
      );
    }
    const own = `https://${url.hostname}`;
    const caller = await this.tokens.verify(authorization, [...AUDIENCES.storage, own]);
    const need = needOf(kind, request.method ?? "", url);
    if (need === undefined) throw new StorageRefusal(501, "NotImplemented", "This request is not emulated.");
    const scope = `${account.id}${need.scope}`;
    const allowed = need.actions.some((one) => this.access.assignmentFor(caller.oid, one, scope, need.plane));
    if (!allowed)
      throw new StorageRefusal(
        403,
        "AuthorizationPermissionMismatch",
        "This request is not authorized to perform this operation using this permission.",
      );
    request.headers.authorization = `Bearer ${this.internalToken()}`;
  }

  /** A request of the emulator itself, handed to Azurite without a network. */
  private async send(
    kind: StorageKind,
    method: string,
    account: string,
    path: string,
    expected: readonly number[],
    { headers = {}, body = "" }: { readonly headers?: Record<string, string>; readonly body?: string } = {},
  ): Promise<void> {
    const azurite = await this.opened();
    const server = createServer((request, response) => azurite.handle(kind, request, response));
    const [near, far] = duplexPair();
    // Azurite takes bearer tokens over TLS only; here is no wire at all.
    server.emit("connection", Object.assign(far, { encrypted: true }) as unknown as Socket);
    const all = {
      ...headers,
      host: `${account}.${kind}.core.windows.net`,
      authorization: `Bearer ${this.internalToken()}`,
      "x-ms-version": "2025-05-05",
      "content-length": String(Buffer.byteLength(body)),
    };
    const status = await new Promise<number>((resolve, reject) => {
      const sent = requestHttp({ method, path, headers: all, createConnection: () => near as Socket });
      sent.on("error", reject);
      sent.on("response", (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
      sent.end(body);
    });
    if (!expected.includes(status))
      throw new Error(`${method} ${path.split("?")[0]}: storage answered ${status}`);
  }

  private internalToken(): string {
    return new UnsecuredJWT({ oid: randomUUID() })
      .setIssuer(this.tokens.issuers[1])
      .setAudience(AUDIENCES.storage[0])
      .setIssuedAt()
      .setNotBefore("-1m")
      .setExpirationTime("5m")
      .encode();
  }

  private opened(): Promise<Azurite> {
    this.azurite ??= Azurite.open(join(this.folder, "azurite")).then((azurite) => {
      azurite.setAccounts(this.accounts());
      return azurite;
    });
    return this.azurite;
  }

  private accounts(): AccountKeys[] {
    return this.resources
      .ofType(STORAGE_ACCOUNTS)
      .map(({ name, hidden }) => ({ name, keys: listAt(hidden, "keys").map(String) }));
  }
}
