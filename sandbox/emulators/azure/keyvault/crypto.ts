import {
  constants,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  type RsaPrivateKey,
} from "node:crypto";
import { badParameter } from "./vault-refusal";

/** How each of Key Vault's algorithms pads. */
const PADDINGS: Readonly<Record<string, Omit<RsaPrivateKey, "key">>> = {
  "RSA-OAEP": { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" },
  "RSA-OAEP-256": { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
  RSA1_5: { padding: constants.RSA_PKCS1_PADDING },
};

/** @param privateKey PEM. @param value base64url. */
export function encrypt(privateKey: string, algorithm: string, value: string): string {
  const key = { key: createPublicKey(privateKey), ...paddingOf(algorithm) };
  try {
    return publicEncrypt(key, Buffer.from(value, "base64url")).toString("base64url");
  } catch {
    throw badParameter(`The value is too long for ${algorithm} with this key.`);
  }
}

/** @param privateKey PEM. @param value base64url. */
export function decrypt(privateKey: string, algorithm: string, value: string): string {
  const padding = paddingOf(algorithm);
  const key = createPrivateKey(privateKey);
  const bytes = Buffer.from(value, "base64url");
  try {
    const plain =
      padding.padding === constants.RSA_PKCS1_PADDING
        ? withoutPadding(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, bytes))
        : privateDecrypt({ key, ...padding }, bytes);
    return plain.toString("base64url");
  } catch {
    throw badParameter("The parameter is incorrect.");
  }
}

/** Modulus and exponent of a JSON Web Key, and what a new key like it needs. */
export function shapeOf(privateKey: string) {
  const key = createPublicKey(privateKey);
  const { n = "", e = "" } = key.export({ format: "jwk" });
  const { modulusLength = 0, publicExponent = 65_537n } = key.asymmetricKeyDetails ?? {};
  return { n, e, size: modulusLength, exponent: Number(publicExponent) };
}

/** PKCS #1 v1.5, which Node does not take off any more: 0, 2, at least 8 bytes that are not 0, 0, and the value. */
function withoutPadding(block: Buffer): Buffer {
  const end = block.indexOf(0, 2);
  if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error("wrong padding");
  return block.subarray(end + 1);
}

function paddingOf(algorithm: string): Omit<RsaPrivateKey, "key"> {
  const padding = PADDINGS[algorithm];
  if (padding) return padding;
  throw badParameter(
    `The algorithm ${algorithm} is not for RSA keys: ${Object.keys(PADDINGS).join(", ")} are.`,
  );
}
