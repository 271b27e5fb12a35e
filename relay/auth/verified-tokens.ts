import type { Clock } from "../clock";

/** Event Grid sends one token with every delivery for an hour. Longer than this none is taken on trust. */
const GOOD_MS = 5 * 60_000;
const MOST = 200;

/** Digests of tokens that were verified a moment ago, so that a burst of deliveries costs one verification. Never a token. */
export class VerifiedTokens {
  private readonly until = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  has(digest: string): boolean {
    const until = this.until.get(digest);
    if (until === undefined) return false;
    if (this.clock.now() < until) return true;
    this.until.delete(digest);
    return false;
  }

  /** @param expires the token's own end, in milliseconds since 1970. */
  add(digest: string, expires: number): void {
    const [oldest] = this.until.keys();
    if (this.until.size >= MOST && oldest !== undefined) this.until.delete(oldest);
    this.until.set(digest, Math.min(expires, this.clock.now() + GOOD_MS));
  }
}
