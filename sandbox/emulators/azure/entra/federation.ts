import { readFileSync } from "node:fs";
import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import type { FederatedCredential } from "../model";
import { isLoopback, sendOut } from "../outbound";
import { EntraRefusal } from "./entra-refusal";

/** Whose tokens federated credentials can trust here, and how to reach it on this machine. */
export interface TrustedIssuer {
  /** As in `iss`. */
  readonly issuer: string;
  /** Where its discovery document lies on the loopback device. @default the issuer itself */
  readonly address?: string;
  /** File with the certificate authority of that address. */
  readonly ca?: string;
}

const DISCOVERY_MS = 10_000;
const HELP =
  "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. " +
  "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";

/** Checks client assertions that somebody else's issuer signed. */
export class Federation {
  constructor(private readonly issuers: TrustedIssuer[]) {}

  /** Lets credentials trust another issuer; replaces what was known of it. */
  trust(issuer: TrustedIssuer): void {
    const known = this.issuers.findIndex((one) => one.issuer === issuer.issuer);
    if (known >= 0) this.issuers.splice(known, 1);
    this.issuers.push(issuer);
  }

  /** Throws an EntraRefusal, unless one of the credentials trusts the assertion. It ends on the machine's own clock. */
  async check(assertion: string, credentials: readonly FederatedCredential[]): Promise<void> {
    const { iss = "", sub = "", aud = [] } = parsed(assertion);
    const fits = (list: readonly FederatedCredential[], code: number, what: string, value: string) => {
      if (list.length > 0) return list;
      const text = `No matching federated identity record found for presented assertion ${what} '${value}'. ${HELP}`;
      throw new EntraRefusal(401, "invalid_client", code, text);
    };
    const audiences = [aud].flat();
    const byIssuer = fits(
      credentials.filter((one) => one.issuer === iss),
      700211,
      "issuer",
      iss,
    );
    const bySubject = byIssuer.filter((one) => one.subject === sub);
    if (bySubject.length === 0 && byIssuer.some((one) => one.subject.toLowerCase() === sub.toLowerCase()))
      throw new EntraRefusal(
        401,
        "invalid_client",
        7002138,
        `No matching federated identity record found for presented assertion subject '${sub}'. The subject matches ` +
          `with case-insensitive comparison, but not with case-sensitive comparison. ${HELP}`,
      );
    fits(bySubject, 700213, "subject", sub);
    fits(
      bySubject.filter((one) => audiences.includes(one.audience)),
      700212,
      "audience",
      audiences.join(" "),
    );
    await this.checkSignature(assertion, iss);
  }

  private async checkSignature(assertion: string, issuer: string): Promise<void> {
    const keys = createLocalJWKSet(await this.keysOf(issuer));
    try {
      await jwtVerify(assertion, keys, { issuer, algorithms: ["RS256", "PS256", "ES256"] });
    } catch (error) {
      if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
        const { nbf, exp } = parsed(assertion);
        const range = `assertion valid from ${timeOf(nbf)}, expiry time of assertion ${timeOf(exp)}`;
        const text = `Client assertion is not within its valid time range. Current time: ${new Date().toISOString()}, ${range}.`;
        throw new EntraRefusal(401, "invalid_client", 700024, text);
      }
      const why = error instanceof errors.JWKSNoMatchingKey ? " [Reason - The key was not found.]" : "";
      throw new EntraRefusal(
        401,
        "invalid_client",
        700027,
        `Client assertion failed signature validation.${why}`,
      );
    }
  }

  private async keysOf(issuer: string): Promise<Parameters<typeof createLocalJWKSet>[0]> {
    const { address = issuer, ca: file } = this.issuers.find((one) => one.issuer === issuer) ?? {};
    const ca = file === undefined ? [] : [readFileSync(file, "utf8")];
    const read = async (url: URL) => {
      const answer = await sendOut(url, { method: "GET", ca, timeoutMs: DISCOVERY_MS });
      if (answer.status !== 200) throw new Error(`${url.href} answered ${answer.status}`);
      return JSON.parse(answer.body);
    };
    try {
      const base = address.replace(/\/$/, "");
      const document = await read(new URL(`${base}/.well-known/openid-configuration`));
      if (document.issuer !== issuer) throw new Error(`its discovery names the issuer ${document.issuer}`);
      const keys = new URL(document.jwks_uri);
      // A cluster names its keys by an address that leads there from elsewhere only.
      return await read(isLoopback(keys.hostname) ? keys : new URL(keys.pathname, address));
    } catch (error) {
      process.stderr.write(`issuer ${issuer}: ${error instanceof Error ? error.message : error}\n`);
      throw new EntraRefusal(400, "invalid_request", 50166, "Request to External OIDC endpoint failed.");
    }
  }
}

function parsed(assertion: string): JWTPayload {
  try {
    return decodeJwt(assertion);
  } catch {
    throw new EntraRefusal(400, "invalid_request", 50027, "JWT token is invalid or malformed.");
  }
}

function timeOf(seconds: number | undefined): string {
  return seconds === undefined ? "unknown" : new Date(seconds * 1_000).toISOString();
}
