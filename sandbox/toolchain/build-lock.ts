import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
      if (holder && isRunning(holder)) {
        if (!told) this.waiting(holder.pid);
        told = true;
      } else {
        rmSync(this.file, { force: true });
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

  private take(): boolean {
    try {
      writeFileSync(this.file, JSON.stringify(identityOf(process.pid)), { flag: "wx" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  private holder(): ProcessIdentity | undefined {
    try {
      return JSON.parse(readFileSync(this.file, "utf8")) as ProcessIdentity;
    } catch {
      return undefined;
    }
  }
}
