import { mkdirSync } from "node:fs";
import { run, tryRun } from "../../../../processes/run";
import { PLAIN_GIT, plainEnvironment } from "../../../../servers/environment";

/** A commit to lay out in a folder of its own, as GitLab's runner does it. */
export interface Checkout {
  /** New; made here. */
  readonly folder: string;
  /** The bare repository on disk. */
  readonly repository: string;
  readonly sha: string;
  /** The branch, for `refs/remotes/origin/<branch>`; absent for tags and merge requests. */
  readonly branch?: string;
  /** The remote's address, without credentials. */
  readonly url: string;
  /** A file with the CA of `url`. */
  readonly ca: string;
  /** Commits to fetch, 0 for all: the variable `GIT_DEPTH`. */
  readonly depth: number;
}

/** The server's part of a fetch from a folder: a commit that no branch points at any more can still be asked for. */
const SERVE = "git -c uploadpack.allowAnySHA1InWant=true upload-pack";

/** Fetches and checks out with a detached HEAD. Throws a SandboxError when the commit is not there. */
export async function checkOut(checkout: Checkout): Promise<void> {
  const { folder, repository, sha, branch, url, ca, depth } = checkout;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await git(folder, ["init", "-q", "-b", "none"]);
  await git(folder, ["remote", "add", "origin", url]);
  // A runner tells git about the CA of its GitLab just so.
  await git(folder, ["config", `http.${new URL(url).origin}.sslCAInfo`, ca]);
  const branches = branch === undefined ? [] : [`+refs/heads/${branch}:refs/remotes/origin/${branch}`];
  const shallow = depth > 0 ? [`--depth=${depth}`] : [];
  const fetch = ["fetch", "-q", "--no-tags", `--upload-pack=${SERVE}`, ...shallow, `file://${repository}`];
  const commit = `+${sha}:refs/pipelines/checked-out`;
  const { code } = await tryRun("git", ["-C", folder, ...fetch, commit, ...branches], environment());
  // The branch may be gone by the time that a job begins.
  if (code !== 0) await git(folder, [...fetch, commit]);
  await git(folder, ["checkout", "-q", "--detach", sha]);
}

/** Points `refs/remotes/origin/HEAD` at a commit, which gitlab-ci-local compares with for `rules: changes`. */
export async function compareWith(folder: string, repository: string, sha: string): Promise<void> {
  const base = "refs/remotes/origin/compared";
  await git(folder, [
    "fetch",
    "-q",
    "--no-tags",
    `--upload-pack=${SERVE}`,
    "--depth=1",
    `file://${repository}`,
    `+${sha}:${base}`,
  ]);
  await git(folder, ["symbolic-ref", "refs/remotes/origin/HEAD", base]);
}

/** Runs git without anyone's settings, and resolves with what it prints. */
export function git(folder: string, args: readonly string[]): Promise<string> {
  return run("git", ["-C", folder, ...args], environment());
}

/** The text of a file in a commit of a bare repository; undefined when there is no such file. */
export async function fileAt(repository: string, sha: string, path: string): Promise<string | undefined> {
  const shown = await tryRun("git", ["-C", repository, "cat-file", "blob", `${sha}:${path}`], environment());
  return shown.code === 0 ? shown.stdout : undefined;
}

function environment() {
  return { env: { ...plainEnvironment(), ...PLAIN_GIT } };
}
