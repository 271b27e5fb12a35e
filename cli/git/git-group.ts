import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Gits that can be ended together, with all that they have started. */
export class GitGroup {
  private readonly running = new Set<ChildProcess>();
  private isOver = false;

  /** Whether they were ended: whoever waits for one of them waits for good, since the process is about to end too. */
  get over(): boolean {
    return this.isOver;
  }

  /** @param git started as the first of a process group of its own */
  add(git: ChildProcess): void {
    this.running.add(git);
    for (const end of ["close", "error"]) git.once(end, () => this.running.delete(git));
  }

  /** Git takes back its locks at SIGTERM. Resolves when nothing that it has started runs any more. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(
      [...this.running].map(async (git) => {
        const closed = once(git, "close");
        terminate(git);
        await closed;
      }),
    );
  }
}

function terminate(git: ChildProcess): void {
  try {
    if (git.pid !== undefined) process.kill(-git.pid, "SIGTERM");
  } catch {
    // It has just ended, or the system knows no groups.
    git.kill("SIGTERM");
  }
}
