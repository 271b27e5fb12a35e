import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { importPKCS8 } from "jose";
import type { Json } from "../json";
import type { Store } from "../store/store";

export const ALGORITHM = "RS256";

/** The keys that sign access tokens. The newest signs; all of them are published. */
export class SigningKeys {
  constructor(private readonly store: Store) {
    if (store.tables.signingKeys.length === 0) this.roll();
  }

  /** Signs with a new key from now on. */
  roll(): void {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.store.tables.signingKeys.push(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    this.store.changed();
  }

  async current() {
    const pem = this.store.tables.signingKeys.at(-1) ?? "";
    return { key: await importPKCS8(pem, ALGORITHM), id: keyId(pem) };
  }

  /** A JSON Web Key Set. Like Entra's, it names no algorithm. */
  published(issuer: string): { keys: { [name: string]: Json }[] } {
    const keys = this.store.tables.signingKeys.map((pem) => {
      const { n = "", e = "" } = createPublicKey(pem).export({ format: "jwk" });
      return { kty: "RSA", use: "sig", kid: keyId(pem), n, e, issuer };
    });
    return { keys };
  }
}

function keyId(pem: string): string {
  const { n = "", e = "" } = createPublicKey(pem).export({ format: "jwk" });
  return createHash("sha256").update(`${e}.${n}`).digest("base64url").slice(0, 27);
}
