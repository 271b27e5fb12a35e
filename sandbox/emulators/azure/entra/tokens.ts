import { randomBytes } from "node:crypto";
import { createLocalJWKSet, errors, jwtVerify, SignJWT } from "jose";
import type { Clock } from "../clock";
import type { Principal, Switches } from "../model";
import { ALGORITHM, type SigningKeys } from "./signing-keys";
import { TokenRefused } from "./token-refused";

/** Who holds an access token. */
export interface Caller {
  /** Object id of the service principal. */
  readonly oid: string;
  readonly appId: string;
  readonly issuer: string;
}

/** How the principal proved who it is. */
export type Proof = "secret" | "assertion" | "identity";

export interface TokenRequest {
  readonly principal: Principal;
  readonly audience: string;
  readonly version: 1 | 2;
  readonly proof: Proof;
  /** Values of the app roles that the principal has at the audience. */
  readonly roles: readonly string[];
}

export interface IssuedToken {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Seconds since 1970 on the emulator's clock. */
  readonly expiresOn: number;
}

const LIFETIME_S = 3_599;
const IDENTITY_LIFETIME_S = 86_399;
const LEEWAY_S = 300;

/** Access tokens of the tenant: made, and checked. */
export class Tokens {
  /** `iss` of the two versions of tokens. */
  readonly issuers: { readonly 1: string; readonly 2: string };

  constructor(
    readonly tenantId: string,
    readonly keys: SigningKeys,
    private readonly clock: Clock,
    private readonly switches: Switches,
  ) {
    this.issuers = {
      1: `https://sts.windows.net/${tenantId}/`,
      2: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    };
  }

  /**
   * The token ends on the emulator's clock, and begins on the machine's, which is behind or the same: so it is
   * good for receivers that know nothing of the emulator's clock.
   */
  async issue({ principal, audience, version, proof, roles }: TokenRequest): Promise<IssuedToken> {
    const expiresIn = proof === "identity" ? IDENTITY_LIFETIME_S : LIFETIME_S;
    const expiresOn = this.clock.seconds() + expiresIn;
    const began = Math.floor(Date.now() / 1_000) - LEEWAY_S;
    const strength = proof === "secret" ? "1" : "2";
    const { key, id } = await this.keys.current();
    const { appId } = principal;
    const client = version === 1 ? { appid: appId, appidacr: strength } : { azp: appId, azpacr: strength };
    const claims = {
      ...client,
      oid: principal.id,
      tid: this.tenantId,
      idtyp: "app",
      uti: randomBytes(16).toString("base64url"),
      ver: `${version}.0`,
      ...(version === 1 && { idp: this.issuers[1] }),
      ...(roles.length > 0 && { roles: [...roles] }),
      ...(principal.resourceId !== undefined && { xms_mirid: principal.resourceId }),
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid: id })
      .setIssuer(this.issuers[version])
      .setSubject(principal.id)
      .setAudience(audience)
      .setIssuedAt(began)
      .setNotBefore(began)
      .setExpirationTime(expiresOn)
      .sign(key);
    return { token, expiresIn, expiresOn };
  }

  /** Whose token it is; throws TokenRefused. @param audiences as they may be, a slash at the end or not. */
  async verify(authorization: string | undefined, audiences: readonly string[]): Promise<Caller> {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) throw new TokenRefused("missing");
    const keys = createLocalJWKSet(this.keys.published(this.issuers[1]));
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [ALGORITHM],
      issuer: [this.issuers[1], this.issuers[2]],
      audience: audiences.flatMap((one) => [one, `${one}/`]),
      currentDate: new Date(this.switches.tokensOnMachineClock ? Date.now() : this.clock.now()),
    }).catch((error: unknown) => {
      throw new TokenRefused(reasonOf(error));
    });
    const appId = String(payload.appid ?? payload.azp);
    return { oid: String(payload.oid), appId, issuer: this.issuers[1] };
  }
}

function reasonOf(error: unknown): TokenRefused["reason"] {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === "aud" ? "audience" : error.claim === "iss" ? "issuer" : "malformed";
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return "signature";
  return "malformed";
}
