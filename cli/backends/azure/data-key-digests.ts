import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Tells later whether a data key is the one that was wrapped, without keeping it: a digest with a key that only this run has. */
export class DataKeyDigests {
  private readonly key = randomBytes(32);
  private readonly digests = new Map<string, Buffer>();
  private readonly versions = new Set<string>();

  /**
   * Only the first of each version of a key is noted.
   *
   * @param wrapped what the data key was wrapped into
   */
  noteFirst(version: string, wrapped: string, dataKey: Buffer): void {
    if (this.versions.has(version)) return;
    this.versions.add(version);
    this.digests.set(wrapped, this.digestOf(dataKey));
  }

  has(wrapped: string): boolean {
    return this.digests.has(wrapped);
  }

  /** Undefined for what was not noted. */
  isSame(wrapped: string, dataKey: Buffer): boolean | undefined {
    const digest = this.digests.get(wrapped);
    return digest && timingSafeEqual(digest, this.digestOf(dataKey));
  }

  private digestOf(dataKey: Buffer): Buffer {
    return createHmac("sha256", this.key).update(dataKey).digest();
  }
}
