import {
  constants,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from "node:crypto";

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };

/** Attributes as the vault's API has them; times are in seconds since 1970. */
export interface Attributes {
  enabled: boolean;
  created: number;
  nbf?: number;
  exp?: number;
}

export interface SmallVersion {
  readonly id: string;
  readonly attributes: Attributes;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Making one takes a tenth of a second, and which one it is matters to no test. */
const PAIRS = Array.from({ length: 3 }, () => generateKeyPairSync("rsa", { modulusLength: 2048 }));

/** One key of a vault, with the cryptography done for real. */
export class SmallKey {
  readonly versions: SmallVersion[] = [];
  kty = "RSA";

  constructor(
    readonly url: string,
    private created: number,
  ) {
    this.rotate();
  }

  get current(): SmallVersion {
    const last = this.versions.at(-1);
    if (!last) throw new Error("a key has a version");
    return last;
  }

  /** A version a day. Returns its id. */
  rotate(attributes: Partial<Attributes> = {}): string {
    const pair = PAIRS[this.versions.length % PAIRS.length];
    if (!pair) throw new Error("there are pairs");
    this.created += 24 * 60 * 60;
    const id = randomBytes(16).toString("hex");
    this.versions.push({ id, attributes: { enabled: true, created: this.created, ...attributes }, ...pair });
    return id;
  }

  of(id: string): SmallVersion | undefined {
    return this.versions.find((version) => version.id === id);
  }

  /** As sops has it wrapped. */
  wrap(dataKey: Buffer, id = this.current.id): string {
    const key = this.of(id)?.publicKey;
    if (!key) throw new Error(`no version ${id}`);
    return publicEncrypt({ key, ...OAEP }, dataKey).toString("base64url");
  }

  open(wrapped: string, id = this.current.id): Buffer | undefined {
    const key = this.of(id)?.privateKey;
    try {
      return key && privateDecrypt({ key, ...OAEP }, Buffer.from(wrapped, "base64url"));
    } catch {
      return undefined;
    }
  }
}
