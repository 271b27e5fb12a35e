import { createHash, randomUUID } from "node:crypto";
import type { Clock } from "../clock";
import type { ClaimRecord, ClaimStore, StoredClaim } from "./claim-store";
import { DoneBefore } from "./done-before";

/** The right to do one piece of work, for as long as the lease lasts. */
export interface Claim {
  readonly key: string;
  readonly tag: string;
}

export type Taken =
  /** `doubtful`: somebody had it before, and nobody knows how far that one got. */
  | { readonly state: "taken"; readonly claim: Claim; readonly doubtful: boolean }
  | { readonly state: "done"; readonly pipeline: string }
  /** Somebody else is at it, or was killed at it not long ago. */
  | { readonly state: "busy" };

/**
 * Longer than anything can be on its way for: a delivery calls GitLab within 25 s, and GitLab ends a request after 60. The rest is for
 * clocks that differ.
 */
export const LEASE_MS = 90_000;

/** What is found of a holder who could not say how it ended. */
const DOUBTFUL: ReadonlySet<string | undefined> = new Set(["claimed", "doubtful"]);

/**
 * Claims on work that must be done at least once and, as long as nobody is killed between doing it and saying so, at most once.
 * A claim whose holder was killed lapses, and the next delivery takes it over.
 */
export class Claims {
  private readonly done = new DoneBefore();

  constructor(
    private readonly store: ClaimStore,
    private readonly clock: Clock,
    private readonly leaseMs: number = LEASE_MS,
  ) {}

  async isDone(key: string): Promise<boolean> {
    if (this.done.pipelineOf(key) !== undefined) return true;
    return (await this.read(key))?.record.state === "done";
  }

  async take(key: string): Promise<Taken> {
    const known = this.done.pipelineOf(key);
    if (known !== undefined) return { state: "done", pipeline: known };
    const stored = await this.read(key);
    if (stored?.record.state === "done") return { state: "done", pipeline: stored.record.pipeline };
    if (stored?.record.state === "claimed" && this.clock.now() < stored.record.leaseUntil)
      return { state: "busy" };
    const record = this.record("claimed", { leaseUntil: this.clock.now() + this.leaseMs });
    const tag = await this.write(key, record, stored?.tag);
    if (tag === undefined) return { state: "busy" };
    return { state: "taken", claim: { key, tag }, doubtful: DOUBTFUL.has(stored?.record.state) };
  }

  /** The work is done. @returns false when the claim had lapsed, and somebody else has taken it over. */
  async finish({ key, tag }: Claim, pipeline: string): Promise<boolean> {
    return (await this.write(key, this.record("done", { pipeline }), tag)) !== undefined;
  }

  /** Remembers work under a further key, whatever is known of that one. */
  async note(key: string, pipeline: string): Promise<void> {
    const stored = await this.read(key);
    if (stored?.record.state !== "done")
      await this.write(key, this.record("done", { pipeline }), stored?.tag);
  }

  /** Whoever comes next need not wait for the lease to lapse. @param doubtful whether the work may have been done all the same */
  async release({ key, tag }: Claim, doubtful: boolean): Promise<void> {
    await this.write(key, this.record(doubtful ? "doubtful" : "free"), tag);
  }

  /** A writer that is told of a conflict may be in conflict with itself: a write was repeated whose answer had got lost. */
  private async write(
    key: string,
    record: ClaimRecord,
    tag: string | undefined,
  ): Promise<string | undefined> {
    const name = digestOf(key);
    const written =
      tag === undefined ? await this.store.create(name, record) : await this.store.replace(name, record, tag);
    if (written !== undefined) {
      this.remember(key, record);
      return written;
    }
    const now = await this.read(key);
    return now?.record.nonce === record.nonce ? now.tag : undefined;
  }

  private async read(key: string): Promise<StoredClaim | undefined> {
    const stored = await this.store.read(digestOf(key));
    if (stored) this.remember(key, stored.record);
    return stored;
  }

  private remember(key: string, { state, pipeline }: ClaimRecord): void {
    if (state === "done") this.done.add(key, pipeline);
  }

  private record(state: ClaimRecord["state"], more: Partial<ClaimRecord> = {}): ClaimRecord {
    return { state, nonce: randomUUID(), at: this.clock.now(), leaseUntil: 0, pipeline: "", ...more };
  }
}

/** What the store calls it: of one length, and fit for a file's name. */
function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
