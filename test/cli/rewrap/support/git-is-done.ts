import { readdirSync, readlinkSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { until } from "../../../../sandbox/processes/until";

const LOCK = /^(index|HEAD)\.lock$/;

/**
 * A git that was under way when its parent was killed finishes by itself: waits until none works in a repository or at its remote.
 * Whoever begins before meets its locks, or a branch that moves under its hands.
 */
export async function gitIsDone(repository: string, remote: string): Promise<void> {
  const places = [repository, remote].map((folder) => realpathSync(folder));
  const done = async () => {
    const locked = readdirSync(join(repository, ".git")).some((name) => LOCK.test(name));
    return locked || atWorkIn(places) ? undefined : true;
  };
  await until(done, { what: "git to finish", timeoutMs: 60_000, pauseMs: 30 });
}

/** Whether a process works in one of the folders, or below it. */
function atWorkIn(folders: readonly string[]): boolean {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.some((id) => {
    const at = workingFolder(id);
    return folders.some((folder) => at === folder || at?.startsWith(folder + sep));
  });
}

/** Undefined for a process that has ended meanwhile, or is somebody else's. */
function workingFolder(id: string): string | undefined {
  try {
    return readlinkSync(join("/proc", id, "cwd"));
  } catch {
    return undefined;
  }
}
