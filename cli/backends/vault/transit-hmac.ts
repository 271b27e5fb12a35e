import { CliError } from "../../errors/cli-error";
import { partsOf } from "../batches";
import { dataOf } from "./batch-answer";
import { refusal } from "./refusals";
import { type TransitKey, urlPath } from "./transit-key";
import { errorsOf, type VaultAnswer } from "./vault-answer";
import type { VaultConnection } from "./vault-connection";

/** Items of one request. They are short, and Vault takes 32 MiB. */
const BATCH = 5000;

/** Keyed digests by `transit/hmac`, which needs no more than `update` on that path: neither `encrypt` nor `decrypt`. */
export class TransitHmac {
  constructor(
    private readonly vault: VaultConnection,
    private readonly key: TransitKey,
  ) {}

  /** By the current version of the key. Same length and order as asked. @throws CliError naming what the policy lacks. */
  async make(inputs: readonly Buffer[]): Promise<readonly string[]> {
    const made = await this.ask(inputs, {});
    if (made) return made;
    throw new CliError(`Vault at ${this.key.address} makes no digests by ${this.key.name}`);
  }

  /** By an older version; undefined where Vault no longer uses it. */
  makeBy(version: number, inputs: readonly Buffer[]): Promise<readonly string[] | undefined> {
    return this.ask(inputs, { key_version: version });
  }

  private async ask(
    inputs: readonly Buffer[],
    version: { readonly key_version?: number },
  ): Promise<readonly string[] | undefined> {
    const digests: string[] = [];
    for (const part of partsOf(inputs, BATCH)) {
      const batch = part.map((input) => ({ input: input.toString("base64") }));
      // In the path, the algorithm would need a policy of its own.
      const body = { ...version, algorithm: "sha2-256", batch_input: batch };
      const answer = await this.vault.send("POST", urlPath(this.key, "hmac"), body);
      const made = hmacsIn(answer);
      if (made.length !== part.length) {
        if (version.key_version !== undefined && isRetired(answer)) return undefined;
        throw new CliError(
          `${refusal(this.key, "hmac", answer)}; sopsloop chart tells by it which Secrets are unchanged`,
        );
      }
      digests.push(...made);
    }
    return digests;
  }
}

function hmacsIn({ status, body }: VaultAnswer): string[] {
  const { batch_results: results } = dataOf(body);
  if (status !== 200 || !Array.isArray(results)) return [];
  return results.flatMap((item: { readonly hmac?: unknown } | null) =>
    typeof item?.hmac === "string" && /^vault:v\d+:[A-Za-z0-9+/=]+$/.test(item.hmac) ? [item.hmac] : [],
  );
}

/** A version below the key's least one, or one that was trimmed. */
function isRetired({ status, body }: VaultAnswer): boolean {
  return status === 400 || (status === 500 && /version/i.test(errorsOf(body)));
}
