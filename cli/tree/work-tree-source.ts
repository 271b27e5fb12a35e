import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { readWhole } from "../files/read-whole";
import type { WorkTree } from "../git/work-tree";
import type { TreeSource } from "./tree-source";

/** Nothing that people encrypt is as large, and reading it would take the memory of all the others. */
const LARGEST_MIB = 64;

/** The tracked files of a checkout as they lie on the disk. Links are not followed, submodules not entered. */
export class WorkTreeSource implements TreeSource {
  private constructor(
    private readonly root: string,
    readonly files: readonly string[],
    readonly asked: readonly string[],
    readonly skipped: TreeSource["skipped"],
  ) {}

  /** @param paths what is asked about; everything when empty. Throws CliError for paths outside of the tree. */
  static async of(tree: WorkTree, paths: readonly string[] = []): Promise<WorkTreeSource> {
    const asked = await tree.tracked(paths);
    const whole = paths.length === 0 ? asked : await tree.tracked();
    const links = asked.links.map((path) => ({ path, why: "a symbolic link" }));
    const modules = whole.modules.map((path) => ({ path, why: "a submodule" }));
    return new WorkTreeSource(tree.root, whole.files, asked.files, [...modules, ...links]);
  }

  read(path: string): Buffer | undefined {
    let file: number;
    try {
      // What git tracks as a file may have become a link or a pipe since.
      file = openSync(
        join(this.root, path),
        constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      );
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    try {
      const { size } = fstatSync(file);
      if (size > LARGEST_MIB * 1024 * 1024) throw new Error(`larger than ${LARGEST_MIB} MiB`);
      return readWhole(file, size);
    } finally {
      closeSync(file);
    }
  }
}

/** Deleted, but not committed so yet; also where a folder has become a file. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}
