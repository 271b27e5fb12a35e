import { createHmac, timingSafeEqual } from "node:crypto";
import { CliError } from "../../errors/cli-error";
import type { Digests } from "./digests";

export const DIGEST_KEY = "SOPSLOOP_DIGEST_KEY";

/** Bytes below which a key could be guessed. */
const SHORTEST = 32;

/** Digests by a key that the caller keeps, for repositories without Vault. */
export class OwnKeyDigests implements Digests {
  private readonly key: Buffer;

  /** @param key base64. @throws CliError (2) for a short one. */
  constructor(key: string) {
    this.key = Buffer.from(key.trim(), "base64");
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key.trim()) || this.key.length < SHORTEST)
      throw new CliError(
        `${DIGEST_KEY} has to be base64 of ${SHORTEST} random bytes or more; make one by: openssl rand -base64 32`,
        2,
      );
  }

  async make(inputs: readonly Buffer[]): Promise<readonly string[]> {
    return inputs.map((input) => this.digest(input));
  }

  async match(
    pairs: readonly { readonly input: Buffer; readonly digest: string }[],
  ): Promise<readonly boolean[]> {
    return pairs.map(({ input, digest }) => isEqual(this.digest(input), digest));
  }

  private digest(input: Buffer): string {
    return `key:${createHmac("sha256", this.key).update(input).digest("base64")}`;
  }
}

/** Takes as long for any two texts of one length. */
export function isEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
