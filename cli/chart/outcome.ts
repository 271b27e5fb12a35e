import type { Pushed } from "../git/push-race";

/** What a run found and did. */
export interface ChartOutcome {
  readonly dryRun: boolean;
  /** Where it writes: relative to the deploy repository's root. */
  readonly folder: string;
  /** Objects that helm rendered. */
  readonly objects: number;
  readonly secrets: {
    readonly total: number;
    /** Encrypted anew; in a dry run what would be. */
    readonly encrypted: number;
    readonly unchanged: number;
  };
  /** Files that were written, and such as were removed; in a dry run what would be. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly notes: readonly string[];
  /** Id of the commit that this run has made. */
  readonly commit?: string;
  readonly pushed?: Pushed;
}
