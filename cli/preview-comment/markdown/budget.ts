/** Characters that all parts together may take which may be cut. */
const BUDGET = 60_000;

/**
 * Characters that each part may take at most. `must`, what must not be cut, has a room of its own: all that GitLab lets it have,
 * which is 1,000,000 for a comment.
 */
const SHARES = {
  must: 900_000,
  changes: 20_000,
  access: 12_000,
  findings: 10_000,
  messages: 8_000,
  properties: BUDGET,
} as const;

export type Share = keyof typeof SHARES;

/** Hands out the room of one comment. What a part leaves free is for those that come after it. */
export class Budget {
  private readonly rooms: Record<Share, number> = { ...SHARES };
  private left = BUDGET;

  /** The first of these that fit, as texts, and those that do not. Nothing is skipped for something shorter further down. */
  fit<T>(
    share: Share,
    items: readonly T[],
    textOf: (item: T) => string,
  ): { texts: string[]; left: readonly T[] } {
    const texts: string[] = [];
    for (const [at, item] of items.entries()) {
      const text = textOf(item);
      if (text.length > this.roomFor(share)) return { texts, left: items.slice(at) };
      texts.push(text);
      this.rooms[share] -= text.length;
      if (share !== "must") this.left -= text.length;
    }
    return { texts, left: [] };
  }

  private roomFor(share: Share): number {
    return share === "must" ? this.rooms.must : Math.min(this.rooms[share], this.left);
  }
}
