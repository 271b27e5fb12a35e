import type { Pushed } from "../git/push-race";
import type { DiffSize } from "./file-change";
import type { Failure, StaleKey } from "./plan";

/** What a run found and did. */
export interface Outcome {
  readonly dryRun: boolean;
  readonly dataKeys: boolean;
  /** sops files that were looked at. */
  readonly files: number;
  readonly keys: readonly StaleKey[];
  /** What was changed; in a dry run what would be. */
  readonly size: DiffSize;
  readonly paths: readonly string[];
  /** Never empty together with changes: it is all or nothing. */
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  /** Id of the commit that this run has made. */
  readonly commit?: string;
  readonly pushed?: Pushed;
}
