import type { ClaimRecord, ClaimStore, StoredClaim } from "../../../../relay/claims/claim-store";

/** Claims that are gone with the test, for tests that move the clock: nothing of it takes time. */
export class MemoryClaims implements ClaimStore {
  readonly records = new Map<string, StoredClaim>();
  /** Thrown by every method while it is set. */
  broken: Error | undefined;

  async read(key: string): Promise<StoredClaim | undefined> {
    this.reach();
    return this.records.get(key);
  }

  async create(key: string, record: ClaimRecord): Promise<string | undefined> {
    this.reach();
    return this.records.has(key) ? undefined : this.put(key, record, "0");
  }

  async replace(key: string, record: ClaimRecord, tag: string): Promise<string | undefined> {
    this.reach();
    return this.records.get(key)?.tag === tag ? this.put(key, record, tag) : undefined;
  }

  async purge(before: number): Promise<number> {
    const old = [...this.records].filter(([, { record }]) => record.at < before);
    for (const [key] of old) this.records.delete(key);
    return old.length;
  }

  async check(): Promise<void> {
    this.reach();
  }

  private put(key: string, record: ClaimRecord, tag: string): string {
    const next = String(Number(tag) + 1);
    this.records.set(key, { record, tag: next });
    return next;
  }

  private reach(): void {
    if (this.broken) throw this.broken;
  }
}
