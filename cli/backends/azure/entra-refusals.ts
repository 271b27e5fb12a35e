import { CliError } from "../../errors/cli-error";
import { OutOfSight } from "../out-of-sight";
import type { AzureSettings, Identity } from "./azure-settings";

/** No federated credential is for tokens of this issuer and subject. */
const STRANGER = /AADSTS(70021|700213)\b/;

/** Entra ID's own codes, and what would mend them. Patterns are of its text, which names ids and never a secret. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    STRANGER,
    "no federated credential of the identity has this ID token's issuer and subject; is this the right project, branch and client id?",
  ],
  [
    /AADSTS700212\b/,
    "no federated credential of the identity has this ID token's audience; let the job's aud and the credential's audience be the same",
  ],
  [
    /AADSTS(700024|50013|7000222)\b/,
    "the ID token or secret is outside of the time for which it holds; run the job again with a longer timeout, or make a new secret",
  ],
  [/AADSTS7000215\b/, "the secret is wrong; set AZURE_CLIENT_SECRET to its value, not to its id"],
  [/AADSTS700016\b/, "the tenant has no such application; is AZURE_CLIENT_ID right?"],
  [/AADSTS90002\b/, "there is no such tenant; is AZURE_TENANT_ID right?"],
  [
    /not configured to acquire tokens for tenant/i,
    "the vault belongs to another tenant; set AZURE_TENANT_ID to that one, or name it in AZURE_ADDITIONALLY_ALLOWED_TENANTS",
  ],
];

const NETWORK = /endpoints_resolution_error|network_error|ENOTFOUND|ECONN|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH/i;

/**
 * Why an identity that is set up got no token, in one line. Nothing of a token or a secret is in it. That a merge request's job is a
 * stranger is as it should be: whoever may open one may run anything in it.
 */
export function entraRefusal(
  name: Identity,
  { authority, isMergeRequest, idToken }: Pick<AzureSettings, "authority" | "isMergeRequest" | "idToken">,
  tenant: string,
  error: unknown,
): CliError {
  const told = lineOf(error);
  const where = `Entra ID (${authority}, tenant ${tenant})`;
  if (isMergeRequest && idToken && STRANGER.test(told))
    return new OutOfSight(
      `a merge request's job is of another branch than the identity trusts (${codeOf(told)}); the job of the branch that is merged into looks at them`,
    );
  const [, why] = KNOWN.find(([pattern]) => pattern.test(told)) ?? [];
  if (why !== undefined) return new CliError(`${where} gives ${name} no token: ${why} (${codeOf(told)})`);
  if (/CERT|ISSUER|SELF.SIGNED|SIGNATURE/.test(told))
    return new CliError(
      `${where}: its certificate is not trusted; set SSL_CERT_FILE to its CA's PEM file (${told})`,
    );
  if (NETWORK.test(told))
    return new CliError(
      `${where} cannot be reached (${told}); is HTTPS_PROXY right, and does a proxy let it through?`,
    );
  return new CliError(`${where} gives ${name} no token: ${told}`);
}

function codeOf(told: string): string {
  return /AADSTS\d+/.exec(told)?.[0] ?? "not asked";
}

/** Long texts of the library's, without trace ids, links and anything that could be a token. */
function lineOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const text = code === undefined || message.includes(code) ? message : `${code}: ${message}`;
  // MSAL puts Entra ID's own words between its ids and times.
  const [, description = text] = /Description: (.*?)(?: - Correlation ID:|$)/s.exec(text) ?? [];
  return description
    .replace(/[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g, "<token>")
    .replace(/\s*(Trace ID|Correlation ID|Timestamp|To troubleshoot).*$/s, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}
