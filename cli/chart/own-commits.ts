import { lstatSync, readFileSync, rmSync } from "node:fs";
import { join, posix } from "node:path";
import { CliError } from "../errors/cli-error";
import type { WorkTree } from "../git/work-tree";
import { isMarked, MARK } from "./digests/digest-line";
import { isChartFolder } from "./folder/chart-folder";

/** Last line of each commit's message. */
export const TRAILER = "Sopsloop-Chart";

/** Tells what `sopsloop chart` did in a folder, here or in a run that was killed, from everything else: it can be made again. */
export class OwnCommits {
  /** @param folder relative to the tree's root; `""` for the root itself. */
  constructor(
    private readonly tree: WorkTree,
    private readonly folder: string,
  ) {}

  /** Whether a commit has one parent, says that it is one of this folder, and touches nothing outside of it. */
  async isOwn(id: string): Promise<boolean> {
    const format = `--format=%P%x00%(trailers:key=${TRAILER},valueonly,separator=%x2C)`;
    const [parents = "", trailer = ""] = (await this.tree.git.text(["log", "-1", format, id])).split("\0");
    if (!/^[0-9a-f]+$/.test(parents) || trailer !== this.trailer) return false;
    const words = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-commit-id", id];
    const paths = (await this.tree.git.run(words)).toString("utf8").split("\0");
    return paths.every((path) => path === "" || this.isInside(path));
  }

  get trailer(): string {
    return this.folder === "" ? "." : this.folder;
  }

  /**
   * Puts the command's own files back as the last commit has them. Resolves with those that differed. @throws CliError where a person has
   * staged something for a commit.
   */
  async restore(): Promise<readonly string[]> {
    const changes = await this.changes();
    const staged = changes.filter(({ code }) => !" ?".includes(code[0] ?? " ")).map(({ path }) => path);
    if (staged.length > 0)
      throw new CliError(
        `${staged.slice(0, 10).join(", ")}: staged for a commit of yours; commit or unstage that first`,
      );
    const inside = changes.filter(({ path }) => this.isInside(path) && !this.isAnothers(path));
    const fresh = inside.filter(({ code, path }) => /^(\?\?| A)$/.test(code) && this.isOwnOnDisk(path));
    const old = inside.filter(({ code }) => /^ [MD]$/.test(code)).map(({ path }) => path);
    const own = (await this.committedOwn(old)).filter((path) => old.includes(path));
    await this.overPaths(["checkout", "--quiet", "HEAD"], own);
    const announced = fresh.filter(({ code }) => code === " A").map(({ path }) => path);
    await this.overPaths(["reset", "--quiet"], announced);
    for (const { path } of fresh) rmSync(join(this.tree.root, path), { force: true });
    return [...own, ...fresh.map(({ path }) => path)];
  }

  /** Has new files known to git, so that a commit can name them. */
  async announce(paths: readonly string[]): Promise<void> {
    await this.overPaths(["add", "--intent-to-add"], paths);
  }

  async forget(paths: readonly string[]): Promise<void> {
    await this.overPaths(["reset", "--quiet"], paths);
  }

  /** Every difference from the last commit, with git's two letters. Untracked files of the folder alone. */
  private async changes(): Promise<readonly { readonly code: string; readonly path: string }[]> {
    const words = ["status", "--porcelain=v1", "-z", "--no-renames", "--ignore-submodules=all"];
    const read = async (more: readonly string[]) =>
      (await this.tree.git.run([...words, ...more])).toString("utf8").split("\0");
    const tracked = await read(["--untracked-files=no"]);
    const here = await read(["--untracked-files=all", "--", this.trailer]);
    const untracked = here.filter((entry) => entry.startsWith("??"));
    return [...tracked, ...untracked]
      .filter((entry) => entry !== "")
      .map((entry) => ({ code: entry.slice(0, 2), path: entry.slice(3) }));
  }

  private isInside(path: string): boolean {
    return this.folder === "" || path.startsWith(`${this.folder}/`);
  }

  /** Whether the folder of another chart, below this one's, holds it. */
  private isAnothers(path: string): boolean {
    for (
      let above = posix.dirname(path);
      above !== this.trailer && above !== ".";
      above = posix.dirname(above)
    )
      if (isChartFolder(join(this.tree.root, above))) return true;
    return false;
  }

  private isOwnOnDisk(path: string): boolean {
    const file = join(this.tree.root, path);
    return (
      lstatSync(file, { throwIfNoEntry: false })?.isFile() === true && isMarked(readFileSync(file, "utf8"))
    );
  }

  /** Of these files, those that the command had written in the last commit. */
  private async committedOwn(paths: readonly string[]): Promise<readonly string[]> {
    if (paths.length === 0) return [];
    const words = ["grep", "--full-name", "-n", "-z", "--no-color", "--fixed-strings", "-e", MARK, "HEAD"];
    const { stdout } = await this.tree.git.try([...words, "--", this.trailer]);
    const found = stdout.toString("utf8").matchAll(/HEAD:([^\0]+)\0(\d+)\0[^\n]*\n/g);
    // Another file may quote the mark further down.
    return [...found].flatMap(([, name = "", line]) => (line === "1" ? [name] : []));
  }

  private async overPaths(words: readonly string[], paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    await this.tree.git.run([...words, "--pathspec-from-file=-", "--pathspec-file-nul"], paths.join("\0"));
  }
}
