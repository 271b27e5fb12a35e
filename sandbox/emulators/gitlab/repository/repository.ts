import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, tryRun } from "../../../processes/run";
import { PLAIN_GIT, plainEnvironment } from "../../../servers/environment";

/** Each ref with the commit it leads to; a tag may be an object of its own. */
const TARGETS = "--format=%(refname) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)";

export const NO_COMMIT = "0".repeat(40);

export interface CommitInfo {
  readonly id: string;
  readonly parentIds: readonly string[];
  readonly authorName: string;
  readonly authorEmail: string;
  readonly authoredDate: string;
  readonly committedDate: string;
  readonly message: string;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly id: string;
  readonly path: string;
}

/** A file to be in a commit; without content it is removed. */
export interface FileChange {
  readonly path: string;
  readonly content?: Buffer;
  readonly executable?: boolean;
}

export interface CommitRequest {
  readonly branch: string;
  /** What the branch points at; `NO_COMMIT` for a new one without a parent. */
  readonly parent: string;
  readonly changes: readonly FileChange[];
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  /** Whether the branch is made with this commit. */
  readonly newBranch?: boolean;
}

/** A bare repository on disk, read and written by git itself. Nothing here knows of rights. */
export class Repository {
  constructor(readonly folder: string) {}

  /** Makes an empty one. */
  static async create(folder: string, defaultBranch: string): Promise<void> {
    await run("git", ["init", "-q", "--bare", `--initial-branch=${defaultBranch}`, folder], {
      env: { ...plainEnvironment(), ...PLAIN_GIT },
    });
  }

  /** Sha of a branch, tag, sha or other revision; undefined where there is none. */
  async commitOf(revision: string): Promise<string | undefined> {
    if (revision === "" || revision.startsWith("-")) return undefined;
    for (const name of [`refs/heads/${revision}`, `refs/tags/${revision}`, revision]) {
      const { code, stdout } = await this.try(["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
      if (code === 0) return stdout.trim();
    }
    return undefined;
  }

  /** Every branch and tag, in full, → what it points at. */
  async refs(): Promise<ReadonlyMap<string, string>> {
    const text = await this.git(["for-each-ref", TARGETS, "refs/heads", "refs/tags"]);
    const lines = text.split("\n").filter((line) => line !== "");
    return new Map(lines.map((line) => line.split(" ") as [string, string]));
  }

  /** Newest first. @param path only commits that change it. */
  async log(revision: string, most: number, path?: string): Promise<CommitInfo[]> {
    const format = "--format=%H%x00%P%x00%an%x00%ae%x00%aI%x00%cI%x00%B%x01";
    const paths = path === undefined ? [] : ["--", path];
    const text = await this.git(["log", `--max-count=${most}`, format, revision, ...paths]);
    const records = text.split("\u0001\n").filter((record) => record.trim() !== "");
    return records.map((record) => {
      const [id = "", parents = "", name = "", email = "", authored = "", committed = "", message = ""] =
        record.split("\0");
      return {
        id,
        parentIds: parents.split(" ").filter((parent) => parent !== ""),
        authorName: name,
        authorEmail: email,
        authoredDate: authored,
        committedDate: committed,
        // Git ends each message with a line of its own.
        message: message.replace(/\n$/, ""),
      };
    });
  }

  /** A file or folder of a commit; undefined where there is none. */
  async entry(sha: string, path: string): Promise<TreeEntry | undefined> {
    return (await this.tree(sha, path, false))[0];
  }

  async tree(sha: string, path: string, recursive: boolean): Promise<TreeEntry[]> {
    const deep = recursive ? ["-r", "-t"] : [];
    const { code, stdout } = await this.try(["ls-tree", "-z", ...deep, sha, "--", ...(path ? [path] : [])]);
    if (code !== 0) return [];
    return stdout
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => {
        const [, mode = "", type = "", id = "", name = ""] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
        return { mode, type: type as TreeEntry["type"], id, path: name };
      });
  }

  /** Content of a blob. */
  async blob(id: string): Promise<Buffer> {
    return Buffer.from(await this.git(["cat-file", "blob", id], { encoding: "latin1" }), "latin1");
  }

  diff(from: string, to: string): Promise<string> {
    return this.git(["diff", "--no-color", "--no-ext-diff", from, to]);
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    const { code, stdout } = await this.try(["merge-base", one, other]);
    return code === 0 ? stdout.trim() : undefined;
  }

  /** Moves or makes a ref, if it still points at `from`. False where it has moved. */
  async moveRef(ref: string, to: string, from: string): Promise<boolean> {
    return (await this.try(["update-ref", ref, to, from])).code === 0;
  }

  async deleteRef(ref: string): Promise<void> {
    await this.git(["update-ref", "-d", ref]);
  }

  /** Commits to a branch. Returns the commit, or undefined where the branch has moved meanwhile. */
  async commit(request: CommitRequest): Promise<string | undefined> {
    const { branch, parent, changes, message, author, newBranch = false } = request;
    const scratch = mkdtempSync(join(tmpdir(), "sopsloop-index-"));
    const env = { GIT_INDEX_FILE: join(scratch, "index") };
    try {
      if (parent !== NO_COMMIT) await this.git(["read-tree", parent], { env });
      const entries = await Promise.all(changes.map((change) => this.indexEntry(change)));
      await this.git(["update-index", "-z", "--index-info"], { env, input: entries.join("") });
      const tree = (await this.git(["write-tree"], { env })).trim();
      const sha = await this.commitTree(tree, parent === NO_COMMIT ? [] : [parent], message, author);
      const from = newBranch ? NO_COMMIT : parent;
      return (await this.moveRef(`refs/heads/${branch}`, sha, from)) ? sha : undefined;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  /** A commit that joins two, without moving a branch. Undefined where they conflict. */
  async merge(
    into: string,
    from: string,
    message: string,
    author: CommitRequest["author"],
  ): Promise<string | undefined> {
    const { code, stdout } = await this.try(["merge-tree", "--write-tree", into, from]);
    if (code !== 0) return undefined;
    return this.commitTree(stdout.trim(), [into, from], message, author);
  }

  /** A line for git's index; mode 0 removes. */
  private async indexEntry({ path, content, executable = false }: FileChange): Promise<string> {
    if (content === undefined) return `0 ${NO_COMMIT}\t${path}\0`;
    const blob = (await this.git(["hash-object", "-w", "--stdin"], { input: content })).trim();
    return `${executable ? "100755" : "100644"} ${blob}\t${path}\0`;
  }

  private async commitTree(
    tree: string,
    parents: readonly string[],
    message: string,
    { name, email }: CommitRequest["author"],
  ): Promise<string> {
    const env = {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    };
    const flags = parents.flatMap((parent) => ["-p", parent]);
    return (await this.git(["commit-tree", tree, ...flags, "-F", "-"], { env, input: message })).trim();
  }

  private git(args: readonly string[], options: GitOptions = {}): Promise<string> {
    return run("git", ["-C", this.folder, ...args], this.options(options));
  }

  private try(args: readonly string[]) {
    return tryRun("git", ["-C", this.folder, ...args], this.options({}));
  }

  private options({ env = {}, ...rest }: GitOptions) {
    return { env: { ...plainEnvironment(), ...PLAIN_GIT, ...env }, ...rest };
  }
}

interface GitOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  readonly encoding?: BufferEncoding;
}
