import { run, tryRun } from "../../../processes/run";
import { messageOf, SandboxError } from "../../../processes/sandbox-error";
import { findOnPath } from "../../../toolchain/on-path";

const COMMAND = "apt-get install -y rsync";

/**
 * Sees to rsync, which gitlab-ci-local copies files with: installs Debian's where this user may.
 *
 * @param path a PATH, this process's own unless given.
 * Throws a SandboxError with the command to run when it is missing and stays so.
 */
export async function ensureRsync(path = process.env.PATH ?? ""): Promise<void> {
  if (findOnPath("rsync", path) !== undefined) return;
  const mend = `sudo ${COMMAND}`;
  const aptGet = findOnPath("apt-get", path);
  if (aptGet === undefined || process.getuid?.() !== 0)
    throw new SandboxError(
      `rsync: not found, and GitLab's pipelines need it in the sandbox; run \`${mend}\``,
    );
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = ["install", "-y", "--no-install-recommends", "rsync"];
    // A fresh machine has no lists of packages yet.
    if ((await tryRun(aptGet, install, { env })).code === 0) return;
    await run(aptGet, ["update"], { env });
    await run(aptGet, install, { env });
  } catch (error) {
    const why = messageOf(error).split("\n").slice(-1)[0] ?? "";
    throw new SandboxError(`rsync: not found and could not be installed (${why}); run \`${mend}\``);
  }
}
