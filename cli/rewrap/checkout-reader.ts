import { closeSync, lstatSync, openSync, realpathSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { CliError } from "../errors/cli-error";
import { readWhole } from "../files/read-whole";
import { readSopsFile } from "../sops-file/read-sops-file";
import type { SopsFile } from "../sops-file/sops-file";
import { type Snapshot, snapshotOf } from "./snapshot";

/** A sops file as it was read, and what lay on the disk then. */
export interface ReadFile {
  readonly file: SopsFile;
  readonly seen: Snapshot;
}

/** Every format of sops has this in its metadata; what lacks it need not become a string. */
const MARK = Buffer.from("sops");
const VALUE = Buffer.from("ENC[AES256_GCM,data:");
const STRUCTURED = /\.(ya?ml|json|env|ini)$/i;
/** Nothing that people encrypt is as large. */
const LARGEST = 64 * 1024 * 1024;

/** Reads sops files of a work tree, and never one outside of it. */
export class CheckoutReader {
  /** Folders that are known to lie where their names say, or not to. */
  private readonly straight = new Map<string, boolean>();

  /** @param root without symbolic links. */
  constructor(private readonly root: string) {}

  /**
   * Undefined for what is no sops file. @throws CliError for one that is broken or cannot be read, and where a link leads out of the
   * tree to one.
   */
  read(path: string): ReadFile | undefined {
    const absolute = join(this.root, path);
    const stats = lstatSync(absolute, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink()) return this.readLink(path);
    if (!stats?.isFile() || stats.size > LARGEST) return undefined;
    const bytes = bytesOf(path, absolute, stats.size);
    const file = bytes.includes(MARK) ? readSopsFile(path, bytes.toString("latin1")) : undefined;
    if (!file) {
      if (STRUCTURED.test(path) && bytes.includes(VALUE))
        throw new CliError(
          `${path}: holds values encrypted by sops, but not sops's own part: cut short or merged badly; restore it from git`,
        );
      return undefined;
    }
    if (!this.isStraight(dirname(absolute)))
      throw new CliError(
        `${path}: a folder on its way is a symbolic link, so it is not what git tracks; restore ${dirname(path)} from git`,
      );
    return { file, seen: snapshotOf(stats) };
  }

  /**
   * A tracked symbolic link. Its target is left to its own entry in the tree. @throws CliError when it leads out of the tree, to a
   * sops file.
   */
  readLink(path: string): undefined {
    const target = this.targetOf(path);
    if (target === undefined) return undefined;
    const inside = relative(this.root, target);
    if (inside !== ".." && !inside.startsWith(`..${sep}`)) return undefined;
    const stats = lstatSync(target);
    if (!stats.isFile() || stats.size > LARGEST) return undefined;
    const bytes = bytesOf(path, target, stats.size);
    if (!bytes.includes(MARK) || !readSopsFile(target, bytes.toString("latin1"))) return undefined;
    throw new CliError(
      `${path}: a symbolic link out of the work tree, to ${target}; rewrap that file where it is tracked, and leave ${path} out of the paths`,
    );
  }

  /** Undefined for a link that leads nowhere. */
  private targetOf(path: string): string | undefined {
    try {
      return realpathSync.native(join(this.root, path));
    } catch {
      return undefined;
    }
  }

  private isStraight(folder: string): boolean {
    const known = this.straight.get(folder);
    if (known !== undefined) return known;
    const straight = realpathSync.native(folder) === folder;
    this.straight.set(folder, straight);
    return straight;
  }
}

function bytesOf(path: string, absolute: string, size: number): Buffer {
  try {
    const file = openSync(absolute, "r");
    try {
      return readWhole(file, size);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new CliError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}
