import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../../errors/cli-error";
import type { FolderChange } from "./folder-change";

interface Staged {
  readonly change: FolderChange;
  readonly target: string;
  readonly fresh: string;
  readonly backup: string;
  readonly existed: boolean;
}

/**
 * Writes, adds and removes files, all or none. Every new content first lies whole beside its place; only then are they renamed, each old
 * file under a second name until `keep`. Nothing that is written here is plaintext, so that a killed run leaves none.
 */
export class FolderWriter {
  private readonly staged: Staged[] = [];
  private readonly folders: string[] = [];
  private swapped = 0;

  /** @param root absolute. */
  constructor(private readonly root: string) {}

  /** @throws CliError naming the file; everything is then as it was. */
  write(changes: readonly FolderChange[]): void {
    let at = "";
    try {
      for (const [index, change] of changes.entries()) {
        at = change.path;
        this.stage(change, index);
      }
      for (const staged of this.staged) {
        at = staged.change.path;
        this.swap(staged);
        this.swapped++;
      }
    } catch (error) {
      this.undo();
      if (error instanceof CliError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new CliError(`${at}: cannot be written (${code}); nothing was changed`);
    }
  }

  /** Takes everything back. */
  undo(): void {
    for (const [index, { target, fresh, backup, existed }] of [...this.staged.entries()].reverse()) {
      rmSync(fresh, { force: true });
      // The one at which it failed may have been moved away already.
      if (existed && exists(backup)) {
        renameSync(backup, target);
        // Where both are names of one file, renaming does nothing.
        rmSync(backup, { force: true });
      } else if (index < this.swapped) rmSync(target, { force: true });
    }
    // What lies deeper has to go first.
    for (const folder of this.folders.toSorted((one, other) => other.length - one.length))
      removeEmpty(folder);
    this.forget();
  }

  /** Takes away what stands beside the files, and folders that have become empty. */
  keep(): void {
    for (const { backup, change } of this.staged) {
      rmSync(backup, { force: true });
      if (change.after !== undefined) continue;
      for (let folder = dirname(change.path); folder !== "."; folder = dirname(folder))
        if (!removeEmpty(join(this.root, folder))) break;
    }
    this.forget();
  }

  private stage(change: FolderChange, index: number): void {
    const target = join(this.root, change.path);
    const folder = dirname(target);
    const made = mkdirSync(folder, { recursive: true });
    for (let each = folder; made !== undefined; each = dirname(each)) {
      this.folders.push(each);
      if (each === made) break;
    }
    const stem = join(folder, `.sopsloop-${process.pid}-${index}`);
    const existed = exists(target);
    this.staged.push({ change, target, fresh: `${stem}.new.tmp`, backup: `${stem}.old.tmp`, existed });
    if (change.after === undefined) return;
    writeFileSync(`${stem}.new.tmp`, change.after, { flag: "wx" });
    if (existed) chmodSync(`${stem}.new.tmp`, lstatSync(target).mode & 0o777);
  }

  private swap({ change, target, fresh, backup, existed }: Staged): void {
    const now = existed ? readFileSync(target, "utf8") : undefined;
    if (now !== change.before || exists(target) !== existed)
      throw new CliError(`${change.path}: somebody has written to it meanwhile; run this again`);
    if (change.after === undefined) {
      if (existed) renameSync(target, backup);
      return;
    }
    if (existed) keepSecondName(target, backup);
    renameSync(fresh, target);
  }

  private forget(): void {
    this.staged.length = 0;
    this.folders.length = 0;
    this.swapped = 0;
  }
}

function keepSecondName(target: string, backup: string): void {
  try {
    linkSync(target, backup);
  } catch {
    // Some file systems have no hard links.
    copyFileSync(target, backup, constants.COPYFILE_EXCL);
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Whether it was there and empty. */
function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
