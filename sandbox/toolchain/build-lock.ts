import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { identityOf, isRunning, type ProcessIdentity } from "../processes/process-identity";
import { until } from "../processes/until";

const TWO_HOURS_MS = 2 * 60 * 60 * 1000;

/** Keeps two builders out of one cache. A lock whose holder no longer runs is broken. */
export class BuildLock {
  constructor(
    private readonly file: string,
    private readonly waiting: (pid: number) => void,
  ) {}

  /** Runs `work` while holding the lock; waits for another holder first. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    mkdirSync(dirname(this.file), { recursive: true });
    let told = false;
    const take = async () => {
      if (this.take()) return true;
      const holder = this.holder();
      if (!holder) return undefined;
      if (!isRunning(holder)) {
        this.breakLockOf(holder);
      } else if (!told) {
        this.waiting(holder.pid);
        told = true;
      }
      return undefined;
    };
    await until(take, { what: `the lock ${this.file}`, timeoutMs: TWO_HOURS_MS, pauseMs: 250 });
    try {
      return await work();
    } finally {
      rmSync(this.file, { force: true });
    }
  }

  /** Id of the process that holds the lock now; undefined when none does. */
  get runningHolder(): number | undefined {
    const holder = this.holder();
    return holder && isRunning(holder) ? holder.pid : undefined;
  }

  /** The file appears with its content or not at all: linking does not replace one that is there. */
  private take(): boolean {
    const own = `${this.file}.${process.pid}`;
    writeFileSync(own, JSON.stringify(identityOf(process.pid)));
    try {
      linkSync(own, this.file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    } finally {
      rmSync(own);
    }
  }

  /** Takes the file away before it looks at it again, so that of two that break it neither removes the other's. */
  private breakLockOf({ started }: ProcessIdentity): void {
    const aside = `${this.file}.broken-${process.pid}`;
    try {
      renameSync(this.file, aside);
    } catch {
      return;
    }
    const { started: taken } = JSON.parse(readFileSync(aside, "utf8")) as ProcessIdentity;
    if (taken === started) rmSync(aside);
    else renameSync(aside, this.file);
  }

  private holder(): ProcessIdentity | undefined {
    try {
      return JSON.parse(readFileSync(this.file, "utf8")) as ProcessIdentity;
    } catch {
      return undefined;
    }
  }
}
