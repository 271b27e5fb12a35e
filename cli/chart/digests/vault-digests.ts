import type { TransitHmac } from "../../backends/vault/transit-hmac";
import type { Digests } from "./digests";
import { isEqual } from "./own-key-digests";

/**
 * Digests by the HMAC key that Vault keeps for each version of a transit key. It never leaves Vault, and whoever may use it need not
 * be able to decrypt.
 */
export class VaultDigests implements Digests {
  constructor(private readonly hmac: TransitHmac) {}

  make(inputs: readonly Buffer[]): Promise<readonly string[]> {
    return this.hmac.make(inputs);
  }

  /** One request for each version of the key that the digests were made by. */
  async match(
    pairs: readonly { readonly input: Buffer; readonly digest: string }[],
  ): Promise<readonly boolean[]> {
    const same = pairs.map(() => false);
    const versions = new Map<number, number[]>();
    for (const [position, { digest }] of pairs.entries()) {
      const version = Number(/^vault:v([1-9]\d{0,8}):/.exec(digest)?.[1]);
      if (version > 0) versions.set(version, [...(versions.get(version) ?? []), position]);
    }
    for (const [version, positions] of versions) {
      const inputs = positions.flatMap((position) => pairs[position]?.input ?? []);
      const made = await this.hmac.makeBy(version, inputs);
      for (const [index, position] of positions.entries())
        same[position] = isEqual(made?.[index] ?? "", pairs[position]?.digest ?? "-");
    }
    return same;
  }
}
