import { Counts } from "./counts";
import type { Used } from "./vault-log-reading";

/**
 * Refused requests to decrypt by the loop's own logins. A run of the rewrap asks once whether it may look at what it has moved, and its job is
 * meant to be refused: one such look of each login that has moved something is explained, and no other.
 */
export class RefusedLooks {
  private readonly moved = new Set<string>();
  private readonly firsts = new Map<string, { readonly look: Used; readonly time: number }>();
  private readonly others = new Counts<Used>();

  /** @param login what tells it from other logins of the same role */
  rewrapped(login: string): void {
    this.moved.add(login);
  }

  refused(look: Used, login: string | undefined, time: number): void {
    if (login === undefined || this.firsts.has(login)) this.others.add(look, time);
    else this.firsts.set(login, { look, time });
  }

  /** Those that no rewrap explains; complete only when the whole log has been read, since its files come in any order. */
  unexplained(): ReturnType<Counts<Used>["all"]> {
    for (const [login, { look, time }] of this.firsts)
      if (!this.moved.has(login)) this.others.add(look, time);
    this.firsts.clear();
    return this.others.all();
  }
}
