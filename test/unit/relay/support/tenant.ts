import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export const TENANT = "11111111-2222-3333-4444-555555555555";
export const AUDIENCE = "api://sopsloop-relay";
const EVENT_GRID = "4962773b-9cdb-44cf-a8bf-237846a00ab7";
const ROLE = "AzureEventGridSecureWebhookSubscriber";
export const AUTHORITY = "https://login.microsoftonline.com";

type Claims = Readonly<Record<string, unknown>>;

/** Signs tokens as a tenant of Entra ID does, and publishes its keys. */
export class Tenant {
  private constructor(
    readonly privateKey: CryptoKey,
    readonly publicJwk: JWK,
    readonly keyId: string,
  ) {}

  static async create(keyId = "key-1"): Promise<Tenant> {
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    return new Tenant(privateKey, await exportJWK(publicKey), keyId);
  }

  get keys() {
    return { keys: [{ ...this.publicJwk, kid: this.keyId, use: "sig", alg: "RS256" }] };
  }

  /** A token of version 2 as Event Grid brings it, with whatever is to be different. @param now milliseconds since 1970 */
  token(now: number, claims: Claims = {}, header: Claims = {}): Promise<string> {
    const seconds = Math.floor(now / 1000);
    const usual = {
      ...{ iss: `${AUTHORITY}/${TENANT}/v2.0`, aud: AUDIENCE, tid: TENANT, azp: EVENT_GRID, roles: [ROLE] },
      ...{ iat: seconds, nbf: seconds, exp: seconds + 3600 },
    };
    const payload = Object.fromEntries(
      Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined),
    );
    return new SignJWT(payload)
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: this.keyId, ...header })
      .sign(this.privateKey);
  }

  /** The same of version 1. */
  tokenV1(now: number, claims: Claims = {}): Promise<string> {
    const old = { iss: `https://sts.windows.net/${TENANT}/`, azp: undefined, appid: EVENT_GRID };
    return this.token(now, { ...old, ...claims });
  }
}
