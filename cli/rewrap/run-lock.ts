import { existsSync, linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../errors/cli-error";
import type { WorkTree } from "../git/work-tree";
import { TEMPORARY } from "./replacements";

const STRAY = /^sopsloop\.lock\.(\d+)(?:\.new)?$/;

/**
 * One writing run a work tree. The lock lies in git's own folder and names its process; one whose process is gone belongs to a run
 * that was killed, and whoever takes it over first removes what that run has left beside the files. A second file says so until it is
 * done: a run may be killed while it takes over, when there is no lock at all.
 */
export class RunLock {
  private constructor(private readonly file: string) {}

  /** @throws CliError while another run is at work. */
  static async take(tree: WorkTree): Promise<RunLock> {
    const lock = new RunLock(join(tree.gitFolder, "sopsloop.lock"));
    if (lock.create()) {
      lock.removeStrays();
      if (existsSync(lock.leftovers)) await lock.cleanUp(tree);
      return lock;
    }
    const holder = lock.holder();
    if (holder !== undefined && isRunning(holder))
      throw new CliError(
        `${tree.root}: another run of sopsloop (process ${holder.split(" ")[0]}) is at work here; wait for it`,
      );
    writeFileSync(lock.leftovers, "");
    lock.removeDead(holder);
    if (!lock.create())
      throw new CliError(`${tree.root}: another run of sopsloop has just begun here; wait for it`);
    lock.removeStrays();
    await lock.cleanUp(tree);
    return lock;
  }

  /** What runs have left that were killed while they took the lock: it is named after each of them. */
  private removeStrays(): void {
    const folder = dirname(this.file);
    for (const name of namesIn(folder)) {
      const [, pid] = STRAY.exec(name) ?? [];
      if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
    }
  }

  private get leftovers(): string {
    return `${this.file}.leftovers`;
  }

  private async cleanUp(tree: WorkTree): Promise<void> {
    await removeLeftovers(tree);
    rmSync(this.leftovers, { force: true });
  }

  release(): void {
    rmSync(this.file, { force: true });
  }

  /** Written under another name first: a lock that can be seen always names its process. */
  private create(): boolean {
    const own = `${this.file}.${process.pid}.new`;
    try {
      writeFileSync(own, processOf(process.pid)?.identity ?? String(process.pid));
      linkSync(own, this.file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw new CliError(
        `${this.file}: cannot be written (${(error as NodeJS.ErrnoException).code}); sopsloop keeps other runs out by it`,
      );
    } finally {
      rmSync(own, { force: true });
    }
  }

  private holder(): string | undefined {
    try {
      return readFileSync(this.file, "utf8");
    } catch {
      return undefined;
    }
  }

  /** Two runs may find the same dead lock: by moving it away first, only one of them removes it, and not the other's new one. */
  private removeDead(holder: string | undefined): void {
    const away = `${this.file}.${process.pid}`;
    try {
      renameSync(this.file, away);
      if (readFileSync(away, "utf8") === holder) rmSync(away);
      else renameSync(away, this.file);
    } catch {
      rmSync(away, { force: true });
    }
  }
}

/** What the system tells of a process: its id with the time of its start, since ids are used again, and whether it has ended. */
function processOf(pid: number): { readonly identity: string; readonly ended: boolean } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { identity: `${pid} ${fields[19]}`, ended: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined;
  }
}

function isRunning(holder: string): boolean {
  const pid = Number(holder.split(" ")[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const now = processOf(pid);
  return isAlive(pid) && (now === undefined || now.identity === holder);
}

/** Whether there is a process of this id, whichever. */
function isAlive(pid: number): boolean {
  const now = processOf(pid);
  if (now) return !now.ended;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function removeLeftovers(tree: WorkTree): Promise<void> {
  const folders = new Set((await tree.trackedFiles()).map(dirname));
  for (const folder of folders) {
    const absolute = join(tree.root, folder);
    for (const name of namesIn(absolute))
      if (TEMPORARY.test(name)) rmSync(join(absolute, name), { force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
