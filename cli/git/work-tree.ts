import { realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CliError } from "../errors/cli-error";
import { Git } from "./git";
import type { GitGroup } from "./git-group";

type Environment = Readonly<Record<string, string | undefined>>;

/** Files of the index by what they are. Paths are relative to the root, with `/`, in git's order. */
export interface Tracked {
  readonly files: readonly string[];
  readonly links: readonly string[];
  readonly modules: readonly string[];
}

/** A tracked file that differs from the last commit. */
export interface Change {
  readonly path: string;
  /** Whether the index holds the difference, or a part of it. */
  readonly staged: boolean;
}

/** A checkout: its tracked files and its history. Paths that come out are relative to `root`. */
export class WorkTree {
  private constructor(
    /** Its top folder: absolute, without symbolic links. */
    public readonly root: string,
    /** Git's own folder of this work tree: absolute. */
    public readonly gitFolder: string,
    /** Runs git at the root. */
    public readonly git: Git,
    /** What relative paths of the caller are relative to. */
    private readonly folder: string,
  ) {}

  /** The work tree that holds `folder`. @throws CliError when no work tree does, or git refuses it. */
  static async at(folder: string, env: Environment = process.env, group?: GitGroup): Promise<WorkTree> {
    const git = new Git(folder, env, group);
    const { code, stdout, stderr } = await git.try(["rev-parse", "--show-toplevel", "--absolute-git-dir"]);
    const [root = "", gitFolder = ""] = stdout.toString("utf8").split("\n");
    if (code === 0 && root !== "") return new WorkTree(root, gitFolder, git.in(root), folder);
    if (/dubious ownership/.test(stderr))
      throw new CliError(
        `${folder}: its checkout belongs to another user; if you trust it: git config --global --add safe.directory '${folder}'`,
        2,
      );
    throw new CliError(`${folder}: no git work tree; run sopsloop in a checkout, or name a path in one`, 2);
  }

  /** The work tree that `paths` lie in, or else the one that holds `cwd`. */
  static async of(cwd: string, paths: readonly string[], env: Environment = process.env): Promise<WorkTree> {
    const first = paths[0];
    if (first === undefined) return WorkTree.at(cwd, env);
    const absolute = resolve(cwd, first);
    const kind = statSync(absolute, { throwIfNoEntry: false });
    if (!kind) throw new CliError(`${first}: no such file or folder`, 2);
    const tree = await WorkTree.at(kind.isDirectory() ? absolute : dirname(absolute), env);
    return new WorkTree(tree.root, tree.gitFolder, tree.git, realpathSync(cwd));
  }

  /**
   * Tracked regular files, symbolic links and submodules at and under `paths` (of the whole work tree when there are none). Submodules
   * are work trees of their own: what lies in them is left out. @throws CliError (2) for a path that holds no tracked file or lies outside.
   */
  async tracked(paths: readonly string[] = []): Promise<Tracked> {
    const words = ["ls-files", "-z", "--stage", "--full-name"];
    const where = paths.map((path) => resolve(this.folder, path));
    const result = await this.git.try(
      paths.length > 0 ? [...words, "--error-unmatch", "--", ...where] : words,
    );
    if (result.code !== 0) throw await this.unmatched(paths, where, result.stderr);
    const files: string[] = [];
    const links: string[] = [];
    const modules: string[] = [];
    let last = "";
    for (const entry of namesOf(result.stdout)) {
      const path = entry.slice(entry.indexOf("\t") + 1);
      // A path in conflict is listed once for each side.
      if (path === last) continue;
      last = path;
      if (entry.startsWith("100")) files.push(path);
      else if (entry.startsWith("120")) links.push(path);
      else modules.push(path);
    }
    return { files, links, modules };
  }

  /** Tracked regular files at and under `paths`; see `tracked`. */
  async trackedFiles(paths: readonly string[] = []): Promise<readonly string[]> {
    return (await this.tracked(paths)).files;
  }

  /** Every tracked file that differs from the last commit, in the index or on disk. */
  async changes(): Promise<readonly Change[]> {
    const words = ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames"];
    const printed = await this.git.run([...words, "--ignore-submodules=all"]);
    return namesOf(printed).map((entry) => ({ path: entry.slice(3), staged: entry[0] !== " " }));
  }

  /** Whether any of these files, or any tracked file at all, differs from the last commit. */
  async isDirty(paths?: readonly string[]): Promise<boolean> {
    const asked = paths && new Set(paths);
    return (await this.changes()).some(({ path }) => !asked || asked.has(path));
  }

  /** Id of the commit that is checked out; `undefined` before the first. */
  async head(): Promise<string | undefined> {
    return this.commitOf("HEAD");
  }

  /** Id of the commit that a branch, tag or any other name means; `undefined` where there is none. */
  async commitOf(name: string): Promise<string | undefined> {
    const words = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
    const { code, stdout } = await this.git.try(words);
    return code === 0 ? stdout.toString("utf8").trim() : undefined;
  }

  /** Commits what these files hold on disk, and nothing else; signed where git is set up so. Returns the commit's id. */
  async commit(message: string, paths: readonly string[]): Promise<string> {
    const words = ["commit", "--quiet", "--only", "-m", message];
    await this.git.run([...words, "--pathspec-from-file=-", "--pathspec-file-nul"], paths.join("\0"));
    const id = await this.head();
    if (id === undefined) throw new CliError(`${this.root}: git made no commit`);
    return id;
  }

  /**
   * Moves the branch, the index and the files to a commit. Files that differ from the last commit are kept; where that is not
   * possible git refuses and nothing moves. @throws CliError then.
   */
  async resetTo(commit: string): Promise<void> {
    await this.git.run(["reset", "--quiet", "--keep", commit]);
  }

  private async unmatched(
    paths: readonly string[],
    where: readonly string[],
    stderr: string,
  ): Promise<CliError> {
    for (const [index, path] of paths.entries()) {
      const absolute = where[index] ?? path;
      if (!statSync(absolute, { throwIfNoEntry: false }))
        return new CliError(`${path}: no such file or folder`, 2);
      const { code } = await this.git.try(["ls-files", "--error-unmatch", "--", absolute]);
      if (code === 1) return new CliError(`${path}: holds no file that git tracks; git add it first`, 2);
      if (code !== 0) return new CliError(`${path}: lies outside of the work tree ${this.root}`, 2);
    }
    return new CliError(`${this.root}: git cannot list the files: ${stderr.trim().split("\n")[0]}`);
  }
}

/** The entries of an output that ends each with a NUL. @throws CliError for a name that is not UTF-8, and so cannot be told apart. */
function namesOf(printed: Buffer): readonly string[] {
  const text = printed.toString("utf8");
  const entries = text.split("\0");
  entries.pop();
  if (!text.includes("\ufffd") || Buffer.from(text, "utf8").equals(printed)) return entries;
  const wrong = entries.find((entry) => entry.includes("\ufffd")) ?? "";
  const name = wrong.slice(wrong.indexOf("\t") + 1);
  throw new CliError(`${JSON.stringify(name)}: its name is not UTF-8; rename it (git mv)`);
}
