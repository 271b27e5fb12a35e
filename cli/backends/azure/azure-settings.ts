import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { CliError } from "../../errors/cli-error";
import { PUBLIC_AUTHORITY } from "./clouds";

type Environment = Readonly<Record<string, string | undefined>>;

/** Ways to an identity, in the order in which sops tries them. */
export const IDENTITIES = [
  "EnvironmentCredential",
  "WorkloadIdentityCredential",
  "ManagedIdentityCredential",
  "AzureCLICredential",
  "AzureDeveloperCLICredential",
  "AzurePowerShellCredential",
] as const;
export type Identity = (typeof IDENTITIES)[number];

/** How to speak to Azure, from the environment that sops reads, and a CI job's ID token, which sops knows as a file only. */
export interface AzureSettings {
  /** Origin of Entra ID. */
  readonly authority: string;
  readonly tenant?: string;
  readonly client?: string;
  /** Tenants beside that one for which tokens may be asked; `*` for any. */
  readonly otherTenants: readonly string[];
  readonly identities: readonly Identity[];
  readonly secret?: string;
  readonly certificate?: { readonly path: string; readonly password?: string; readonly sendChain: boolean };
  readonly user?: { readonly name: string; readonly password: string };
  /** Whether this is a job of a merge request: its ID token is of the branch that is to be merged. */
  readonly isMergeRequest?: boolean;
  /** The ID token, or the file that holds one and is written anew before it ends. */
  readonly idToken?: { readonly text: string } | { readonly file: string };
  /** CAs, as PEM; Node's own where nothing is set. */
  readonly authorities?: readonly string[];
}

/** @throws CliError (2) for a setting that is none, and a file of CAs that cannot be read. */
export function azureSettings(env: Environment): AzureSettings {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret } = env;
  const authorities = authoritiesOf(env);
  return {
    authority: authorityOf(env),
    ...(tenant && { tenant }),
    ...(client && { client }),
    otherTenants: (env.AZURE_ADDITIONALLY_ALLOWED_TENANTS ?? "").split(";").filter((each) => each !== ""),
    identities: identitiesOf(env),
    ...(secret && { secret }),
    ...certificateOf(env),
    ...(env.AZURE_USERNAME &&
      env.AZURE_PASSWORD && { user: { name: env.AZURE_USERNAME, password: env.AZURE_PASSWORD } }),
    ...(env.CI_PIPELINE_SOURCE === "merge_request_event" && { isMergeRequest: true }),
    ...idTokenOf(env),
    ...(authorities && { authorities }),
  };
}

function authorityOf({ AZURE_AUTHORITY_HOST: host }: Environment): string {
  if (!host) return PUBLIC_AUTHORITY;
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "")
    throw new CliError(
      `AZURE_AUTHORITY_HOST is ${JSON.stringify(host)}; it has to be an https address, such as ${PUBLIC_AUTHORITY}`,
      2,
    );
  return url.origin;
}

function identitiesOf({ AZURE_TOKEN_CREDENTIALS: chosen }: Environment): readonly Identity[] {
  if (!chosen) return IDENTITIES;
  if (chosen === "prod") return IDENTITIES.slice(0, 3);
  if (chosen === "dev") return IDENTITIES.slice(3);
  const known = IDENTITIES.filter((name) => name.toLowerCase() === chosen.toLowerCase());
  if (known.length > 0) return known;
  throw new CliError(
    `AZURE_TOKEN_CREDENTIALS is ${JSON.stringify(chosen)}; it has to be dev, prod or one of ${IDENTITIES.join(", ")}`,
    2,
  );
}

function certificateOf(env: Environment): Pick<AzureSettings, "certificate"> {
  const { AZURE_CLIENT_CERTIFICATE_PATH: path, AZURE_CLIENT_CERTIFICATE_PASSWORD: password } = env;
  if (!path) return {};
  const sendChain = /^(1|true)$/i.test(env.AZURE_CLIENT_SEND_CERTIFICATE_CHAIN ?? "");
  return { certificate: { path, sendChain, ...(password && { password }) } };
}

function idTokenOf({ AZURE_ID_TOKEN: text, AZURE_FEDERATED_TOKEN_FILE: file }: Environment) {
  if (!text) return file ? { idToken: { file } } : {};
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text.trim()))
    throw new CliError(
      "AZURE_ID_TOKEN holds no ID token; declare it under `id_tokens` of the job, with the audience of the federated credential",
      2,
    );
  return { idToken: { text: text.trim() } };
}

/** As Go finds them: SSL_CERT_FILE instead of the system's file, SSL_CERT_DIR (by colons) instead of its folders. */
function authoritiesOf({ SSL_CERT_FILE: file, SSL_CERT_DIR: folders }: Environment): string[] | undefined {
  if (!file && !folders) return undefined;
  return [
    ...(file ? [pem("SSL_CERT_FILE", file)] : []),
    ...(folders ? folders.split(":").flatMap(certificatesIn) : []),
    // The half that is not set stays the system's, of which Node has its own.
    ...(file && folders ? [] : rootCertificates),
  ];
}

function certificatesIn(folder: string): string[] {
  if (folder === "") return [];
  try {
    const files = readdirSync(folder).map((name) => join(folder, name));
    return files.filter((path) => statSync(path).isFile()).map((path) => pem("SSL_CERT_DIR", path));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw unreadable("SSL_CERT_DIR", folder, error);
  }
}

function pem(variable: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unreadable(variable, path, error);
  }
}

function unreadable(variable: string, path: string, error: unknown): CliError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new CliError(`${variable}: ${path} cannot be read (${code}); name a PEM file that can`, 2);
}
