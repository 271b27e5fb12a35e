import type { DeadLetter, Unreadable } from "./dead-letters";

/** Where replayed events go: the relay that runs somewhere, or one of one's own. */
export interface ReplayTarget {
  /** Deals with one event. @throws an Error that says what went wrong. */
  deliver(event: DeadLetter["event"]): Promise<ReplayOutcome>;
}

/** `duplicate`: a pipeline was started for it before. */
export type ReplayOutcome = "triggered" | "duplicate" | "ignored";

/** One event and what became of it. */
export interface ReplayRow {
  readonly where: string;
  readonly outcome: ReplayOutcome | "failed";
  /** Of a failed one, what went wrong; of others, why Event Grid had given it up. */
  readonly why: string;
}

/** Delivers dead letters one after the other. One that fails keeps none of the others back. */
export async function replay(
  letters: readonly (DeadLetter | Unreadable)[],
  target: ReplayTarget,
  advance: (row: ReplayRow) => void,
): Promise<readonly ReplayRow[]> {
  const rows: ReplayRow[] = [];
  for (const letter of letters) {
    const row = "why" in letter ? failed(letter.where, letter.why) : await rowOf(letter, target);
    advance(row);
    rows.push(row);
  }
  return rows;
}

async function rowOf({ where, event, reason }: DeadLetter, target: ReplayTarget): Promise<ReplayRow> {
  try {
    return { where, outcome: await target.deliver(event), why: reason };
  } catch (error) {
    return failed(where, error instanceof Error ? error.message : String(error));
  }
}

function failed(where: string, why: string): ReplayRow {
  return { where, outcome: "failed", why };
}
