/** What is known of one piece of work. */
export interface ClaimRecord {
  /** `claimed`: somebody is at it. `free`: somebody tried, and nothing came of it. `doubtful`: nobody knows what did. `done`: never again. */
  readonly state: "claimed" | "free" | "doubtful" | "done";
  /** Of whoever wrote this record, new with every write: it tells one's own from another's. */
  readonly nonce: string;
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
  /** Until when a claim keeps others out, in milliseconds since 1970; 0 for the other states. */
  readonly leaseUntil: number;
  /** The pipeline that was started; empty unless done. */
  readonly pipeline: string;
}

/** A record as it lies in the store, and what names exactly this state of it. */
export interface StoredClaim {
  readonly record: ClaimRecord;
  readonly tag: string;
}

/**
 * Keeps records so that they outlive the process, and lets only one of several writers win. Keys are hexadecimal digests. Every method
 * throws when the store cannot be reached; what was written before then holds or does not, and a reader can tell.
 */
export interface ClaimStore {
  read(key: string): Promise<StoredClaim | undefined>;
  /** Writes the first record of a key. @returns its tag, or undefined when there is one already. */
  create(key: string, record: ClaimRecord): Promise<string | undefined>;
  /** Writes the next record. @returns its tag, or undefined when the tag is not the present one's. */
  replace(key: string, record: ClaimRecord, tag: string): Promise<string | undefined>;
  /** Forgets records written before that moment, in milliseconds since 1970. @returns how many. */
  purge(before: number): Promise<number>;
  /** Makes sure that records could be written. */
  check(): Promise<void>;
}
