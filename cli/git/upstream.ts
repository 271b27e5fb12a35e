import { CliError } from "../errors/cli-error";
import { reasonOf } from "./git";
import type { WorkTree } from "./work-tree";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a branch is pushed to. */
export class Upstream {
  private constructor(
    private readonly tree: WorkTree,
    private readonly remote: string,
    /** Full name on the remote: `refs/heads/main`. */
    public readonly ref: string,
    /** Full name of the local copy of it: `refs/remotes/origin/main`. */
    private readonly tracking: string,
  ) {}

  /**
   * The upstream of the branch that is checked out. A pipeline of GitLab checks out a commit instead: then a branch of `origin`.
   *
   * @param named that branch; the one of `CI_COMMIT_BRANCH` when absent.
   * @throws CliError (2) where there is none, or where another branch is checked out than the one that is named.
   */
  static async of(tree: WorkTree, env: Environment, named?: string): Promise<Upstream> {
    if (named !== undefined) await requireBranchName(tree, named);
    const { code, stdout } = await tree.git.try(["symbolic-ref", "--quiet", "HEAD"]);
    if (code !== 0) {
      const branch = named ?? env.CI_COMMIT_BRANCH;
      if (!branch)
        throw new CliError(
          `${tree.root}: no branch is checked out, so there is nowhere to push to; git switch to one, or name one of origin: --branch`,
          2,
        );
      return new Upstream(tree, "origin", `refs/heads/${branch}`, `refs/remotes/origin/${branch}`);
    }
    const name = stdout.toString("utf8").trim();
    const format = "%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream)";
    const [remote = "", ref = "", tracking = ""] = (
      await tree.git.text(["for-each-ref", `--format=${format}`, name])
    ).split("\0");
    if (remote === "" || remote === "." || ref === "" || tracking === "") {
      const short = name.replace(/^refs\/heads\//, "");
      throw new CliError(
        `${tree.root}: branch ${short} has no upstream; set one: git push -u origin ${short}`,
        2,
      );
    }
    if (named !== undefined && ref !== `refs/heads/${named}`)
      throw new CliError(
        `${tree.root}: --branch ${named}: the branch that is checked out is pushed to ${ref}; git switch to the other, or leave --branch out`,
        2,
      );
    return new Upstream(tree, remote, ref, tracking);
  }

  /** Fetches the branch. Resolves with the id of its tip. @throws CliError when the remote cannot be read. */
  async fetch(): Promise<string> {
    await this.tree.git.run(["fetch", "--quiet", "--no-tags", this.remote, `+${this.ref}:${this.tracking}`]);
    return this.tip();
  }

  /** The tip as of the last fetch. */
  async tip(): Promise<string> {
    const tip = await this.tree.commitOf(this.tracking);
    if (tip === undefined) throw new CliError(`${this.remote} has no branch ${this.ref}`);
    return tip;
  }

  /** Pushes what is checked out. `moved`: others were faster, and nothing was pushed. @throws CliError for every other refusal. */
  async push(): Promise<"pushed" | "moved"> {
    const result = await this.tree.git.try(["push", "--porcelain", this.remote, `HEAD:${this.ref}`]);
    if (result.code === 0) return "pushed";
    const rejected = result.stdout
      .toString("utf8")
      .split("\n")
      .find((line) => line.startsWith("!"));
    if (rejected !== undefined && isRace(rejected)) return "moved";
    const reason = rejected?.split("\t").at(-1) ?? reasonOf(result);
    throw new CliError(`git push to ${this.remote} ${this.ref} was refused: ${reason}`);
  }

  /** Commits that are here and not in `tip`, newest first. */
  async ahead(tip: string): Promise<readonly string[]> {
    const printed = await this.tree.git.text(["rev-list", `${tip}..HEAD`]);
    return printed === "" ? [] : printed.split("\n");
  }

  async isAncestor(older: string, newer: string): Promise<boolean> {
    return (await this.tree.git.try(["merge-base", "--is-ancestor", older, newer])).code === 0;
  }
}

async function requireBranchName(tree: WorkTree, name: string): Promise<void> {
  const { code } = await tree.git.try(["check-ref-format", `refs/heads/${name}`]);
  if (code !== 0 || name.startsWith("-")) throw new CliError(`--branch ${name}: is no name of a branch`, 2);
}

/** The remote's branch moved: before git looked, or between its look and its write. */
function isRace(line: string): boolean {
  return /\((fetch first|non-fast-forward|stale info|needs force)\)|cannot lock ref|failed to update ref|incorrect old value|reference already exists/.test(
    line,
  );
}
