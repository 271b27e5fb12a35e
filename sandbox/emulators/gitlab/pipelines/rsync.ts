import { ensureFromDebian } from "../../../toolchain/debian-package";

/**
 * Sees to rsync, which gitlab-ci-local copies files with: installs Debian's where this user may.
 *
 * @param path a PATH, this process's own unless given.
 * Throws a SandboxError with the command to run when it is missing and stays so.
 */
export async function ensureRsync(path?: string): Promise<void> {
  const need = "GitLab's pipelines need it in the sandbox";
  await ensureFromDebian({ command: "rsync", packageName: "rsync", need }, path);
}
