import { createHash } from "node:crypto";
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from "jose";
import type { Clock } from "../clock";
import { Refusal, unavailable } from "../refusal";
import type { EntraSettings } from "../settings/auth-settings";
import type { Authenticator } from "./authenticator";
import { VerifiedTokens } from "./verified-tokens";

const KEYS_TIMEOUT_MS = 4_000;
/** Entra publishes a key long before it signs with it, and an unknown one is looked up at once. */
const KEYS_GOOD_MS = 12 * 3_600_000;
const CLOCK_SKEW_S = 60;

/** Bearer tokens of Microsoft Entra ID, as Event Grid sends them: version 1 or 2, RS256, for this relay alone. */
export class EntraTokens implements Authenticator {
  private readonly keys: RemoteJWKSet;
  private readonly issuers: string[];
  private readonly verified: VerifiedTokens;
  private readonly clock: Clock;

  constructor(
    private readonly settings: EntraSettings,
    { fetch, clock }: { fetch: typeof globalThis.fetch; clock: Clock },
  ) {
    const { authority, tenant } = settings;
    this.keys = createRemoteJWKSet(new URL(`${authority}/${tenant}/discovery/v2.0/keys`), {
      timeoutDuration: KEYS_TIMEOUT_MS,
      cacheMaxAge: KEYS_GOOD_MS,
      [customFetch]: (url, options) => fetch(url, options),
    });
    this.issuers = [`https://sts.windows.net/${tenant}/`, `${authority}/${tenant}/v2.0`];
    this.clock = clock;
    this.verified = new VerifiedTokens(clock);
  }

  async check(request: Request): Promise<void> {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (token === undefined) throw new Refusal(401, "token_missing", "this relay asks for a bearer token");
    const digest = createHash("sha256").update(token).digest("base64");
    if (this.verified.has(digest)) return;
    const claims = await this.claimsOf(token);
    this.authorise(claims);
    this.verified.add(digest, (claims.exp ?? 0) * 1000);
  }

  async prepare(): Promise<void> {
    if (this.keys.fresh) return;
    try {
      await this.keys.reload();
    } catch {
      throw keysUnknown();
    }
  }

  /** Signature, algorithm, issuer, audience and times. */
  private async claimsOf(token: string): Promise<JWTPayload> {
    // Then a key that is not known may just be too new, and is not looked up again so soon.
    const { coolingDown } = this.keys;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        algorithms: ["RS256"],
        issuer: this.issuers,
        audience: [...this.settings.audiences],
        requiredClaims: ["exp"],
        clockTolerance: CLOCK_SKEW_S,
        currentDate: new Date(this.clock.now()),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey && !coolingDown)
        throw new Refusal(401, "token_key_unknown", "no key of the tenant has signed the token");
      const reason = refusedFor(error);
      if (reason === undefined) throw keysUnknown();
      throw new Refusal(401, reason, "the token does not hold");
    }
  }

  /** Whose token it is. */
  private authorise({ tid, azp, appid, roles }: JWTPayload): void {
    const { tenant, callers, role } = this.settings;
    if (tid !== undefined && tid !== tenant)
      throw new Refusal(401, "token_tenant", "the token is another tenant's");
    const caller = azp ?? appid;
    if (typeof caller !== "string" || !callers.includes(caller.toLowerCase()))
      throw new Refusal(403, "token_caller", "the token was given to an application that is not on the list");
    if (!Array.isArray(roles) || !roles.includes(role))
      throw new Refusal(403, "token_role", "the token does not carry the app role that deliveries need");
  }
}

/** A word for what is wrong with the token itself; undefined when it is the keys that are wanting. */
function refusedFor(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return "token_expired";
  if (error instanceof errors.JWTClaimValidationFailed) return "token_claims";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "token_signature";
  if (error instanceof errors.JOSEAlgNotAllowed) return "token_algorithm";
  const malformed = [errors.JWTInvalid, errors.JWSInvalid, errors.JOSENotSupported];
  return malformed.some((kind) => error instanceof kind) ? "token_malformed" : undefined;
}

function keysUnknown(): Refusal {
  return unavailable("keys_unknown", "the tenant's signing keys cannot be had at the moment");
}
