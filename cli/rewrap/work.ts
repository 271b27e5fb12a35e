import type { DiffSize, FileChange } from "./file-change";
import type { Failure, StaleKey } from "./plan";

/** A kind of change to sops files: what it is about is known before anything is written. */
export interface Work {
  /** sops files that were looked at. */
  readonly files: number;
  readonly keys: readonly StaleKey[];
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  /** Files that will change. */
  readonly paths: readonly string[];
  /** How large the change will be, as far as that can be told beforehand. */
  expected(): DiffSize;
  /** Asks the servers for all that is needed; adds to `failures`. */
  ask(): Promise<void>;
  /** Checked contents, one at a time. @throws CliError naming the file that does not pass. */
  changes(): Iterable<FileChange>;
  /** First line of a commit, and the lines behind it. */
  message(): string;
  close(): void;
}
