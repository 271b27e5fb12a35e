import { tryRun } from "../../../processes/run";
import { PLAIN_GIT, plainEnvironment } from "../../../servers/environment";
import { PipelineRefused } from "./pipeline-refused";
import type { CommitFacts } from "./variables/predefined";

/**
 * What git knows about a commit of a bare repository.
 *
 * @param targetBranch the branch that a merge request goes to.
 * Throws PipelineRefused for a commit that is not there.
 */
export async function commitFacts(
  repository: string,
  sha: string,
  targetBranch: string | undefined,
): Promise<CommitFacts> {
  const shown = await git(repository, ["log", "-1", "--format=%B%x00%an <%ae>%x00%cI", sha, "--"]);
  if (shown === undefined) throw new PipelineRefused("Reference not found", "request");
  const [message = "", author = "", timestamp = ""] = shown.split("\0").map((part) => part.trimEnd());
  const target = targetBranch === undefined ? undefined : await meetingPoint(repository, sha, targetBranch);
  return { message, author, timestamp, ...(target && { target }) };
}

/** Whether the repository has the commit. */
export async function hasCommit(repository: string, sha: string): Promise<boolean> {
  return (await git(repository, ["cat-file", "-e", `${sha}^{commit}`])) !== undefined;
}

async function meetingPoint(repository: string, sha: string, branch: string): Promise<CommitFacts["target"]> {
  const tip = await git(repository, ["rev-parse", "--verify", "-q", `refs/heads/${branch}`]);
  const base = tip === undefined ? undefined : await git(repository, ["merge-base", sha, tip.trim()]);
  return tip === undefined || base === undefined ? undefined : { sha: tip.trim(), baseSha: base.trim() };
}

async function git(repository: string, args: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await tryRun("git", ["-C", repository, ...args], {
    env: { ...plainEnvironment(), ...PLAIN_GIT },
  });
  return code === 0 ? stdout : undefined;
}
