import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { SecureContextOptions } from "node:tls";
import { CliError } from "../../errors/cli-error";
import { IdTokenLogin } from "./id-token-login";

type Environment = Readonly<Record<string, string | undefined>>;

/** How to speak to any Vault, from the environment that sops and Vault's own CLI read. */
export interface VaultSettings {
  /** Vault's own token, or the login that gets one for a CI job. */
  readonly token: string | IdTokenLogin;
  /**
   * Sent with every request, and Vault looks for the path of the request in there; sops does the same. So it is for files that do not
   * name their namespace in the path.
   */
  readonly namespace?: string;
  readonly tls: SecureContextOptions & {
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** How often a request is tried again that failed by no fault of its own. */
  readonly retries: number;
  /** Lines that a person should see. */
  readonly warnings: readonly string[];
}

const RETRIES = 5;

/** @throws CliError (2) when there is no token, or a file that a variable names cannot be read. */
export function vaultSettings(env: Environment): VaultSettings {
  const skip = isTrue(env.VAULT_SKIP_VERIFY);
  const retries = Number(env.VAULT_MAX_RETRIES || RETRIES);
  const token = tokenOf(env);
  const namesItself = typeof token !== "string" && token.isAloneInNamespace;
  return {
    token,
    ...(env.VAULT_NAMESPACE && !namesItself && { namespace: env.VAULT_NAMESPACE }),
    tls: { ...authorities(env), ...clientCertificate(env), ...serverName(env), rejectUnauthorized: !skip },
    retries: Number.isInteger(retries) && retries >= 0 ? Math.min(retries, 20) : RETRIES,
    warnings: skip
      ? ["VAULT_SKIP_VERIFY is set: whoever stands between here and Vault can read the token"]
      : [],
  };
}

function tokenOf(env: Environment): string | IdTokenLogin {
  // A file in a shared runner's home is somebody else's: the job's own identity goes first.
  const login = env.VAULT_TOKEN ? undefined : IdTokenLogin.of(env);
  if (login) return login;
  const file = join(env.HOME || homedir(), ".vault-token");
  const token = (env.VAULT_TOKEN || optional(file))?.trim();
  if (!token)
    throw new CliError(
      "no Vault token: set VAULT_TOKEN, or run `vault login` (it writes ~/.vault-token); a CI job has VAULT_ID_TOKEN and VAULT_AUTH_ROLE instead",
      2,
    );
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CliError("the Vault token holds a space or a control character; set VAULT_TOKEN anew", 2);
  return token;
}

/** CAs that Vault's certificate may come from; the system's own where nothing is set. */
function authorities(env: Environment): { ca?: string | string[] } {
  if (env.VAULT_CACERT_BYTES) return { ca: env.VAULT_CACERT_BYTES };
  if (env.VAULT_CACERT) return { ca: required("VAULT_CACERT", env.VAULT_CACERT) };
  const folder = env.VAULT_CAPATH;
  if (!folder) return {};
  try {
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
    return { ca: files.map(({ name }) => readFileSync(join(folder, name), "utf8")) };
  } catch (error) {
    throw unreadable("VAULT_CAPATH", folder, error);
  }
}

function clientCertificate(env: Environment): { cert?: string; key?: string } {
  if (!env.VAULT_CLIENT_CERT || !env.VAULT_CLIENT_KEY) return {};
  return {
    cert: required("VAULT_CLIENT_CERT", env.VAULT_CLIENT_CERT),
    key: required("VAULT_CLIENT_KEY", env.VAULT_CLIENT_KEY),
  };
}

function serverName(env: Environment): { servername?: string } {
  return env.VAULT_TLS_SERVER_NAME ? { servername: env.VAULT_TLS_SERVER_NAME } : {};
}

/** As Go reads a boolean. */
function isTrue(value: string | undefined): boolean {
  return ["1", "t", "T", "TRUE", "true", "True"].includes(value ?? "");
}

function required(variable: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(variable, file, error);
  }
}

function optional(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function unreadable(variable: string, path: string, error: unknown): CliError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new CliError(`${variable}: ${path} cannot be read (${code}); name a PEM file that can`, 2);
}
