import { createHash, createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { importPKCS8, SignJWT } from "jose";
import type { Json } from "../model";

const ALGORITHM = "RS256";

export type Claims = Readonly<Record<string, Json>>;

/** The emulator as an OpenID Connect provider: signs ID tokens, and publishes the key that proves them. */
export class Issuer {
  private readonly pem: string;

  /** @param address the issuer, as in `iss`. @param keyFile kept between runs, 0600. */
  constructor(
    readonly address: string,
    keyFile: string,
  ) {
    if (!existsSync(keyFile)) {
      mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    }
    this.pem = readFileSync(keyFile, "utf8");
  }

  /** A signed token. @param lifetime in seconds. */
  async sign(claims: Claims, audience: string | readonly string[], lifetime: number): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid: this.keyId })
      .setIssuer(this.address)
      .setAudience(typeof audience === "string" ? audience : [...audience])
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setNotBefore(now - 5)
      .setExpirationTime(now + lifetime)
      .sign(await importPKCS8(this.pem, ALGORITHM));
  }

  /** `/oauth/discovery/keys`. */
  get keys(): Json {
    const { n = "", e = "" } = createPublicKey(this.pem).export({ format: "jwk" });
    return { keys: [{ kty: "RSA", n, e, kid: this.keyId, use: "sig", alg: ALGORITHM }] };
  }

  /** `/.well-known/openid-configuration`, as far as it is true here. */
  get configuration(): Json {
    return {
      issuer: this.address,
      jwks_uri: `${this.address}/oauth/discovery/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: [ALGORITHM],
      claim_types_supported: ["normal"],
    };
  }

  private get keyId(): string {
    const { n = "", e = "" } = createPublicKey(this.pem).export({ format: "jwk" });
    return createHash("sha256").update(`${e}.${n}`).digest("base64url");
  }
}
