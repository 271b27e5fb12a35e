import { run, tryRun } from "../processes/run";
import { messageOf, SandboxError } from "../processes/sandbox-error";
import { findOnPath } from "./on-path";

/** A command that Debian has a package of, and what needs it. */
export interface DebianCommand {
  readonly command: string;
  readonly packageName: string;
  /** Such as `GitLab's pipelines need it in the sandbox`. */
  readonly need: string;
}

/**
 * Sees to a command that is not built here: installs Debian's where this user may.
 *
 * @param path a PATH, this process's own unless given.
 * Throws a SandboxError with the command to run when it is missing and stays so.
 */
export async function ensureFromDebian(
  { command, packageName, need }: DebianCommand,
  path = process.env.PATH ?? "",
): Promise<void> {
  if (findOnPath(command, path) !== undefined) return;
  const mend = `sudo apt-get install -y ${packageName}`;
  const aptGet = findOnPath("apt-get", path);
  if (aptGet === undefined || process.getuid?.() !== 0)
    throw new SandboxError(`${command}: not found, and ${need}; run \`${mend}\``);
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = ["install", "-y", "--no-install-recommends", packageName];
    // A fresh machine has no lists of packages yet.
    if ((await tryRun(aptGet, install, { env })).code === 0) return;
    await run(aptGet, ["update"], { env });
    await run(aptGet, install, { env });
  } catch (error) {
    const why = messageOf(error).split("\n").slice(-1)[0] ?? "";
    throw new SandboxError(`${command}: not found and could not be installed (${why}); run \`${mend}\``);
  }
}
