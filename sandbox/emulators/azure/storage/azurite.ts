import { mkdirSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

/** What is used of one of Azurite's servers. */
interface AzuriteServer {
  readonly httpServer: Server;
  readonly accountDataStore: { refresh(): void };
  beforeStart(): Promise<void>;
  afterClose(): Promise<void>;
}

export type StorageKind = "blob" | "table";

export interface AccountKeys {
  readonly name: string;
  /** Base64. */
  readonly keys: readonly string[];
}

const ACCOUNTS = "AZURITE_ACCOUNTS";
const load = createRequire(__filename);

/**
 * Azurite, Microsoft's emulator of storage, inside this process. It listens nowhere: requests are handed to it when it is
 * known that they may pass, for it believes every bearer token.
 */
export class Azurite {
  private constructor(private readonly servers: Readonly<Record<StorageKind, AzuriteServer>>) {}

  static async open(folder: string): Promise<Azurite> {
    mkdirSync(join(folder, "extents"), { recursive: true, mode: 0o700 });
    const servers = { blob: newServer("blob", folder), table: newServer("table", folder) };
    for (const server of Object.values(servers)) await server.beforeStart();
    return new Azurite(servers);
  }

  /** Which accounts there are. Azurite knows them by its environment. */
  setAccounts(accounts: readonly AccountKeys[]): void {
    process.env[ACCOUNTS] = accounts.map(({ name, keys }) => [name, ...keys].join(":")).join(";");
    for (const server of Object.values(this.servers)) server.accountDataStore.refresh();
  }

  handle(kind: StorageKind, request: IncomingMessage, response: ServerResponse): void {
    this.servers[kind].httpServer.emit("request", request, response);
  }

  async close(): Promise<void> {
    delete process.env[ACCOUNTS];
    for (const server of Object.values(this.servers)) await server.afterClose();
  }
}

/** Arguments of Azurite's configurations, which have no names. */
const NO_LISTENING = ["127.0.0.1", 0, 5] as const;
const LOOSE = true;
const ANY_API_VERSION = true;
/** Files of a certificate and its key, and a password. */
const NO_TLS = ["", "", ""] as const;
const BEARER_TOKENS = "basic";

function newServer(kind: StorageKind, folder: string): AzuriteServer {
  const common = [LOOSE, ANY_API_VERSION, ...NO_TLS, BEARER_TOKENS] as const;
  const file = (name: string) => join(folder, `${kind}-${name}.json`);
  if (kind === "table") {
    const { default: Configuration } = load("azurite/dist/src/table/TableConfiguration");
    const { default: TableServer } = load("azurite/dist/src/table/TableServer");
    const noLogs = [false, false, undefined, undefined] as const;
    return new TableServer(new Configuration(...NO_LISTENING, file("metadata"), ...noLogs, ...common));
  }
  const { default: Configuration } = load("azurite/dist/src/blob/BlobConfiguration");
  const { default: BlobServer } = load("azurite/dist/src/blob/BlobServer");
  const noLogs = [false, undefined, false, undefined] as const;
  const extents = [{ locationId: "Default", locationPath: join(folder, "extents"), maxConcurrency: 50 }];
  const files = [file("metadata"), file("extents"), extents] as const;
  return new BlobServer(new Configuration(...NO_LISTENING, ...files, ...noLogs, ...common));
}
