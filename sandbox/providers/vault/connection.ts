import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { PlainMap, PlainValue } from "../engine/resource-type";

/** How to reach a Vault server. Holds no token: that is read when the first request needs it. */
export interface Connection {
  readonly address: URL;
  /** PEM of the CA that signed Vault's certificate. Absent: the CAs that Node knows. */
  readonly ca: string | undefined;
  readonly serverName: string | undefined;
  readonly namespace: string | undefined;
  readonly maxRetries: number;
  /** The token that is in the provider's config, if one is. */
  readonly configuredToken: string | undefined;
  /** Absent: requests use the given token itself. */
  readonly childToken: { readonly displayName: string; readonly ttlSeconds: number } | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the provider's config, and from the environment what it leaves open. Throws one line on what is missing or wrong. */
export function connectionOf(config: PlainMap, environment: Environment): Connection {
  if (config.skipTlsVerify === true) {
    throw new Error("vault provider: skipTlsVerify is not supported; name the CA with caCertFile instead");
  }
  const childToken = {
    displayName: text(config.tokenName) ?? environment.VAULT_TOKEN_NAME ?? "terraform",
    ttlSeconds: typeof config.maxLeaseTtlSeconds === "number" ? config.maxLeaseTtlSeconds : 1200,
  };
  return {
    address: addressOf(text(config.address) ?? environment.VAULT_ADDR),
    ca: caOf(text(config.caCertFile) ?? environment.VAULT_CACERT),
    serverName: text(config.tlsServerName) ?? environment.VAULT_TLS_SERVER_NAME,
    namespace: text(config.namespace) ?? environment.VAULT_NAMESPACE,
    maxRetries: typeof config.maxRetries === "number" ? config.maxRetries : 2,
    configuredToken: text(config.token),
    childToken: config.skipChildToken === true ? undefined : childToken,
  };
}

/** The token to log in with: the provider's config, then VAULT_TOKEN, then what `vault login` left in the home folder. */
export function tokenOf(connection: Connection, environment: Environment): string {
  const token = connection.configuredToken ?? environment.VAULT_TOKEN ?? tokenFile();
  if (token === undefined || token === "") {
    throw new Error("no Vault token: set VAULT_TOKEN, or run `vault login` first");
  }
  return token;
}

function addressOf(address: string | undefined): URL {
  if (address === undefined) throw new Error("vault provider: no address; set it, or VAULT_ADDR");
  if (!URL.canParse(address)) throw new Error(`vault provider: address is not a URL: ${address}`);
  const url = new URL(address);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new Error(`vault provider: address must begin with https:// or http://: ${address}`);
  }
  return url;
}

function caOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `vault provider: cannot read caCertFile ${file}: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
}

function tokenFile(): string | undefined {
  try {
    return readFileSync(join(homedir(), ".vault-token"), "utf8").trim();
  } catch {
    return undefined;
  }
}

function text(value: PlainValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
