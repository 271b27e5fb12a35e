import { createHash, timingSafeEqual } from "node:crypto";
import { Refusal } from "../refusal";
import type { LiveSecret } from "../settings/live-secret";
import type { Authenticator } from "./authenticator";

/** The header of a delivery property that Event Grid keeps secret. */
export const SECRET_HEADER = "x-relay-secret";
/** The query parameter of a webhook's URL, which Event Grid stores encrypted. */
const SECRET_PARAMETER = "code";

/** A secret that only Event Grid and the relay know. Two hold at once while it is rotated. */
export class SharedSecret implements Authenticator {
  constructor(private readonly secrets: LiveSecret) {}

  async check(request: Request): Promise<void> {
    const given =
      request.headers.get(SECRET_HEADER) ?? new URL(request.url).searchParams.get(SECRET_PARAMETER);
    if (given === null) throw new Refusal(401, "secret_missing", "this relay asks for its secret");
    const digest = digestOf(given);
    // Every one is compared, and digests are of one length: the time taken tells nothing.
    const matches = this.secrets.values.map((secret) => timingSafeEqual(digestOf(secret), digest));
    if (!matches.includes(true)) throw new Refusal(401, "secret_wrong", "the secret is not this relay's");
  }

  async prepare(): Promise<void> {}
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
