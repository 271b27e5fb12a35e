import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  linkSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../errors/cli-error";
import { isUnchanged, type Snapshot } from "./snapshot";

/** Names of the files that stand beside a file while it is replaced. */
export const TEMPORARY = /^\.sopsloop-.*\.tmp$/;

/** Who runs this; absent on systems without such ids. */
const [USER, GROUP] = [process.geteuid?.(), process.getegid?.()];

interface Staged {
  readonly path: string;
  readonly seen: Snapshot;
  readonly fresh: string;
  readonly backup: string;
}

/**
 * New contents for many files, all or none. First every new content is written beside its file; only when that has worked for all of
 * them are they renamed into place, each with a second name for the old file, so that all can be taken back without keeping any
 * content in memory. A file is thus never torn, whenever the process ends. Nothing is flushed to the disk: git holds what was
 * there, and flushing costs a hundred times more than all the rest.
 */
export class Replacements {
  private readonly staged: Staged[] = [];
  private swapped = 0;

  /** @param root absolute; paths are relative to it. */
  constructor(private readonly root: string) {}

  get count(): number {
    return this.staged.length;
  }

  /**
   * Writes the new content beside the file, with the mode of the old one, and its owner where the process may.
   * @throws CliError naming the file.
   */
  stage(path: string, content: string, seen: Snapshot): void {
    const absolute = join(this.root, path);
    const stem = join(dirname(absolute), `.sopsloop-${process.pid}-${this.staged.length}`);
    const entry = { path, seen, fresh: `${stem}.new.tmp`, backup: `${stem}.old.tmp` };
    try {
      const file = openSync(entry.fresh, "wx", 0o600);
      this.staged.push(entry);
      try {
        writeAll(file, Buffer.from(content, "latin1"));
        keepOwner(file, seen);
        fchmodSync(file, seen.mode);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw this.failure(path, error);
    }
  }

  /** Puts the next staged files in place, at most `limit` of them. Resolves with whether more are left. @throws CliError naming the file. */
  swap(limit: number): boolean {
    const end = Math.min(this.swapped + limit, this.staged.length);
    while (this.swapped < end) {
      const entry = this.staged[this.swapped];
      if (!entry) break;
      const target = join(this.root, entry.path);
      if (!isUnchanged(target, entry.seen))
        throw new CliError(`${entry.path}: somebody has written to it meanwhile; run this again`);
      try {
        keepSecondName(target, entry.backup);
        renameSync(entry.fresh, target);
      } catch (error) {
        throw this.failure(entry.path, error);
      }
      this.swapped++;
    }
    return this.swapped < this.staged.length;
  }

  /** Takes everything back. @throws CliError naming the files that could not be. */
  undo(): void {
    const lost: string[] = [];
    for (const { path, fresh, backup } of this.staged.splice(0)) {
      if (this.swapped-- > 0) {
        try {
          renameSync(backup, join(this.root, path));
        } catch {
          lost.push(path);
        }
      } else {
        remove(fresh);
        // The one at which it failed may have its second name already.
        remove(backup);
      }
    }
    this.swapped = 0;
    if (lost.length > 0)
      throw new CliError(
        `${lost.join(", ")}: could not be put back after a failure; git diff shows what was changed`,
      );
  }

  /** Removes what stands beside the files. */
  finish(): void {
    for (const [index, { fresh, backup }] of this.staged.splice(0).entries())
      remove(index < this.swapped ? backup : fresh);
    this.swapped = 0;
  }

  private failure(path: string, error: unknown): CliError {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const folder = dirname(path);
    if (code === "EACCES" || code === "EPERM" || code === "EROFS")
      return new CliError(
        `${path}: the folder ${folder} cannot be written to (${code}); nothing was changed`,
      );
    if (code === "ENOSPC" || code === "EDQUOT")
      return new CliError(`${path}: no room is left on the disk (${code}); nothing was changed`);
    return new CliError(`${path}: cannot be written (${code}); nothing was changed`);
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** Only root may give a file away; anyone else keeps the group where they belong to it. */
function keepOwner(file: number, seen: Snapshot): void {
  const [user, group] = [USER ?? seen.owner, GROUP ?? seen.group];
  if (user === seen.owner && group === seen.group) return;
  try {
    fchownSync(file, user === 0 ? seen.owner : user, seen.group);
  } catch {
    // Not allowed: the file then belongs to whoever runs this, as with any editor.
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Gone already.
  }
}

function keepSecondName(target: string, backup: string): void {
  try {
    linkSync(target, backup);
  } catch {
    // Some file systems have no hard links, and some do not let link what belongs to others.
    copyFileSync(target, backup, constants.COPYFILE_EXCL);
  }
}
