import { type DiffSize, type FileChange, NO_DIFF, withChange } from "./file-change";
import type { Interruption } from "./interruption";
import { Replacements } from "./replacements";

/** Files written between two looks at whether somebody pressed Ctrl-C. */
const STEP = 64;

/** What was written, and can still be taken back until `keep` is called. */
export interface Written {
  readonly size: DiffSize;
  readonly paths: readonly string[];
  keep(): void;
  undo(): void;
}

/**
 * Writes changes, all or none: on an error, and on Ctrl-C until `keep` or `undo` is called, the tree is put back as it was.
 * @throws CliError naming the file.
 */
export async function writeAll(
  root: string,
  changes: Iterable<FileChange> | AsyncIterable<FileChange>,
  interruption: Interruption,
  advance: (done: number) => void,
): Promise<Written> {
  const replacements = new Replacements(root);
  const paths: string[] = [];
  let size: DiffSize = NO_DIFF;
  try {
    for await (const { path, content, seen, before } of changes) {
      if (content === before) continue;
      replacements.stage(path, content, seen);
      size = withChange(size, before, content);
      paths.push(path);
      advance(1);
      if (paths.length % STEP === 0) await interruption.check();
    }
    await interruption.check();
    while (replacements.swap(STEP)) await interruption.check();
    await interruption.check();
  } catch (error) {
    replacements.undo();
    throw error;
  }
  return { size, paths, keep: () => replacements.finish(), undo: () => replacements.undo() };
}
