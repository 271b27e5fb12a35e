import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CliError } from "../errors/cli-error";
import { Git, reasonOf } from "../git/git";
import { WorkTree } from "../git/work-tree";

type Environment = Readonly<Record<string, string | undefined>>;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Settings of the clone alone: hooks and line ends of the person's own would change what is pushed. */
const OWN = ["core.hooksPath=/dev/null", "core.autocrlf=false"].flatMap((setting) => ["--config", setting]);

/** The tip of the deploy repository's branch in a temporary folder, gone after the run. */
export class DeployClone {
  private readonly folder = mkdtempSync(join(tmpdir(), "sopsloop-chart-"));
  private readonly ended = (signal: NodeJS.Signals) => {
    this.remove();
    // Whoever wanted to put the clone's files back has none left.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };

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
      const cloned = await new Git(clone.folder, unattended).try([...words, ...OWN, "--", url, "."]);
      if (cloned.code !== 0)
        throw new CliError(`${url}: branch ${branch} cannot be cloned from here: ${reasonOf(cloned)}`);
      const tree = await WorkTree.at(clone.folder, unattended);
      await nameAuthor(tree);
      return { clone, tree };
    } catch (error) {
      clone.remove();
      throw error;
    }
  }

  remove(): void {
    for (const signal of SIGNALS) process.off(signal, this.ended);
    // A git that was under way may still add files to it.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
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
