import { performance } from "node:perf_hooks";

/** One of the things that are compared. */
export interface Candidate {
  readonly name: string;
  /** Before each run, not timed. */
  readonly prepare?: () => Promise<unknown>;
  readonly run: () => Promise<unknown>;
  /** After each run, not timed. */
  readonly settle?: () => Promise<unknown>;
}

/** What was measured of one candidate, in milliseconds. */
export class Sample {
  constructor(readonly values: readonly number[]) {
    if (values.length === 0) throw new Error("a sample needs at least one value");
  }

  get min(): number {
    return Math.min(...this.values);
  }

  get max(): number {
    return Math.max(...this.values);
  }

  get median(): number {
    const sorted = [...this.values].sort((one, other) => one - other);
    const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
    return middle.reduce((sum, value) => sum + value, 0) / middle.length;
  }
}

/** Wall-clock milliseconds until the work is done. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/**
 * Runs the candidates in turn, A B A B …, so that what else the machine does falls on all of them alike. One round before
 * that is not counted: it fills the caches, as everyday use has them filled. Samples are in the order of the candidates.
 */
export async function interleaved(candidates: readonly Candidate[], runs: number): Promise<Sample[]> {
  const values: number[][] = candidates.map(() => []);
  for (let round = 0; round <= runs; round += 1) {
    for (const [index, { name, prepare, run, settle }] of candidates.entries()) {
      await prepare?.();
      const ms = await timed(run);
      await settle?.();
      if (round > 0) values[index]?.push(ms);
      console.error(
        `  ${round === 0 ? "warm-up" : `${round} of ${runs}`}  ${name}: ${(ms / 1000).toFixed(2)} s`,
      );
    }
  }
  return values.map((one) => new Sample(one));
}
