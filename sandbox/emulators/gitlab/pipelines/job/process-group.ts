import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

export interface GroupLaunch {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
}

const GRACE_MS = 2_000;

/** A process with a group of its own, so that it ends together with everything that it started. */
export class ProcessGroup {
  /** The exit code, once the whole group has been told to end and has closed its output; 1 for one that was killed. Never rejects. */
  readonly ended: Promise<number>;
  private readonly child: ChildProcess;
  private over = false;

  constructor({ file, args, cwd, env, onLine }: GroupLaunch) {
    const child = spawn(file, args, {
      cwd,
      env: { ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    for (const stream of ["stdout", "stderr"] as const)
      createInterface({ input: child[stream] }).on("line", (line) => onLine(line, stream));
    this.ended = new Promise((resolve) => {
      child.once("error", (error) => {
        onLine(error.message, "stderr");
        this.over = true;
        resolve(1);
      });
      // What the first process leaves running has nobody left to write to, and would hold the pipes open.
      child.once("exit", () => this.signal("SIGKILL"));
      child.once("close", (code) => {
        this.over = true;
        resolve(code ?? 1);
      });
    });
  }

  /** Asks the group to end. It is ended by force once its first process is gone, or after the grace. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    const grace = new AbortController();
    const forced = sleep(GRACE_MS, undefined, { signal: grace.signal }).then(
      () => this.signal("SIGKILL"),
      () => undefined,
    );
    await this.ended;
    grace.abort();
    await forced;
  }

  private signal(name: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined || this.over) return;
    try {
      process.kill(-pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
