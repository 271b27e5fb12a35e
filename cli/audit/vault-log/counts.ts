import type { Seen } from "./vault-log-reading";

/** Counts what happened by what it was, with the first and the last time. */
export class Counts<T extends object> {
  private readonly seen = new Map<
    string,
    { readonly what: T; count: number; items: number; first: number; last: number }
  >();

  add(what: T, time: number, items = 1): void {
    const id = JSON.stringify(what);
    const known = this.seen.get(id);
    if (known === undefined) {
      this.seen.set(id, { what, count: 1, items, first: time, last: time });
      return;
    }
    known.count++;
    known.items += items;
    known.first = Math.min(known.first, time);
    known.last = Math.max(known.last, time);
  }

  /** What happened most, first. */
  all(): (T & Seen & { readonly items: number })[] {
    return [...this.seen.values()]
      .sort((a, b) => b.count - a.count || a.first - b.first)
      .map(({ what, count, items, first, last }) => ({
        ...what,
        count,
        items,
        first: new Date(first).toISOString(),
        last: new Date(last).toISOString(),
      }));
  }
}
