import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CliError } from "../errors/cli-error";
import { Git, reasonOf } from "../git/git";
import { GitGroup } from "../git/git-group";
import { WorkTree } from "../git/work-tree";

type Environment = Readonly<Record<string, string | undefined>>;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How long a write may be on its way, and the pause between two looks. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 20;

/** Settings of the clone alone: hooks and line ends of the person's own would change what is pushed, and a folder that is soon gone needs no upkeep. */
const OWN = ["core.hooksPath=/dev/null", "core.autocrlf=false", "maintenance.auto=false"].flatMap(
  (setting) => ["--config", setting],
);

/** The tip of the deploy repository's branch in a temporary folder, gone after the run. */
export class DeployClone {
  private readonly folder = mkdtempSync(join(tmpdir(), "sopsloop-chart-"));
  /** A terminal's Ctrl-C does not reach them, nor does a runner's SIGTERM: they would write into the folder while it is removed. */
  private readonly gits = new GitGroup();
  private readonly ended = (signal: NodeJS.Signals) => void this.end(signal);

  private constructor() {
    for (const signal of SIGNALS) process.once(signal, this.ended);
  }

  /** @throws CliError where it cannot be cloned from here. */
  static async of(
    url: string,
    branch: string,
    env: Environment,
  ): Promise<{ readonly clone: DeployClone; readonly tree: WorkTree }> {
    requirePlain(url);
    const clone = new DeployClone();
    try {
      // Nobody is there to type a password or to accept a host's key: git fails instead of waiting.
      const unattended = { GIT_SSH_COMMAND: "ssh -o BatchMode=yes", ...env, GIT_TERMINAL_PROMPT: "0" };
      const words = ["clone", "--quiet", "--depth=1", "--single-branch", "--no-tags", "--branch", branch];
      const cloned = await new Git(clone.folder, unattended, clone.gits).try([
        ...words,
        ...OWN,
        "--",
        url,
        ".",
      ]);
      if (cloned.code !== 0)
        throw new CliError(`${url}: branch ${branch} cannot be cloned from here: ${reasonOf(cloned)}`);
      const tree = await WorkTree.at(clone.folder, unattended, clone.gits);
      await nameAuthor(tree);
      return { clone, tree };
    } catch (error) {
      clone.remove();
      throw error;
    }
  }

  remove(): void {
    removeFolder(this.folder);
    // Not before: a signal that nobody listens to ends the process, and half of the folder would stay.
    for (const signal of SIGNALS) process.off(signal, this.ended);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    await this.gits.end();
    try {
      this.remove();
    } finally {
      // Whoever wanted to put the clone's files back has none left.
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  }
}

/** A write of this process's own may be on its way: what has come by it is removed too. Nothing else runs meanwhile. */
function removeFolder(folder: string): void {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** A password in an address stands in every list of processes, and in git's own settings. */
function requirePlain(url: string): void {
  if (!URL.canParse(url) || new URL(url).password === "") return;
  throw new CliError(
    "--repository holds a password; leave it out of the address, and let a git credential helper give it",
    2,
  );
}

/** The person's own name where git knows it: servers may refuse others. */
async function nameAuthor({ git }: WorkTree): Promise<void> {
  for (const [ident, name] of [
    ["GIT_AUTHOR_IDENT", "author"],
    ["GIT_COMMITTER_IDENT", "committer"],
  ] as const) {
    if ((await git.try(["var", ident])).code === 0) continue;
    await git.run(["config", `${name}.name`, "sopsloop"]);
    await git.run(["config", `${name}.email`, "chart@sopsloop.invalid"]);
  }
}
