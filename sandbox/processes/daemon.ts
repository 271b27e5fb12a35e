import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identityOf, isRunning, type ProcessIdentity } from "./process-identity";
import { SandboxError } from "./sandbox-error";
import { until } from "./until";

/** How a process is started. Its environment is exactly `env`; secrets belong into files that it reads. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface DaemonFolders {
  /** Holds `<name>.pid`. */
  readonly run: string;
  /** Holds `<name>.log`, appended to by every start. */
  readonly logs: string;
}

interface Recorded extends ProcessIdentity {
  /** Hash of the launch, which tells whether a running process is the one that is wanted. */
  readonly launch: string;
}

const GRACE_MS = 10_000;

/** A background process that outlives the command that started it, found again by its pid file. */
export class Daemon {
  readonly log: string;
  private readonly pidFile: string;

  constructor(
    readonly name: string,
    folders: DaemonFolders,
  ) {
    mkdirSync(folders.run, { recursive: true, mode: 0o700 });
    mkdirSync(folders.logs, { recursive: true, mode: 0o700 });
    this.pidFile = join(folders.run, `${name}.pid`);
    this.log = join(folders.logs, `${name}.log`);
  }

  /** The process's id while it runs. */
  get pid(): number | undefined {
    return this.alive()?.pid;
  }

  /** Starts the process unless it already runs exactly so; one that runs differently is stopped first. True when started. */
  async start(launch: Launch): Promise<boolean> {
    const hash = hashOf(launch);
    if (this.alive()?.launch === hash) return false;
    await this.stop();
    const log = openSync(this.log, "a", 0o600);
    try {
      const child = spawn(launch.file, launch.args, {
        cwd: launch.cwd,
        env: { ...launch.env },
        detached: true,
        stdio: ["ignore", log, log],
      });
      await new Promise<void>((resolve, reject) => {
        child.once("spawn", () => resolve());
        child.once("error", (error) =>
          reject(new SandboxError(`${this.name}: cannot start ${launch.file}: ${error.message}`)),
        );
      });
      child.unref();
      const identity = child.pid === undefined ? undefined : identityOf(child.pid);
      if (!identity) throw this.died();
      writeFileSync(this.pidFile, JSON.stringify({ ...identity, launch: hash } satisfies Recorded), {
        mode: 0o600,
      });
    } finally {
      closeSync(log);
    }
    return true;
  }

  /** Waits until `probe` answers true. Throws with the end of the log when the process dies first or time runs out. */
  async ready(probe: () => Promise<boolean>, timeoutMs: number): Promise<void> {
    const look = async () => {
      if (await probe()) return true;
      if (!this.alive()) throw this.died();
      return undefined;
    };
    const hint = () => `its log ends with\n${this.tail()}\n  (${this.log})`;
    await until(look, { what: `${this.name} to be ready`, timeoutMs, hint });
  }

  /** Asks the process to end, and ends it by force after the grace. Does nothing when it does not run. */
  async stop(graceMs = GRACE_MS): Promise<void> {
    const recorded = this.alive();
    if (recorded) {
      signal(recorded, "SIGTERM");
      if (!(await gone(recorded, graceMs))) {
        signal(recorded, "SIGKILL");
        await gone(recorded, GRACE_MS);
      }
    }
    rmSync(this.pidFile, { force: true });
  }

  /** The last lines of the log. */
  tail(lines = 12): string {
    try {
      return readFileSync(this.log, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
    } catch {
      return "(no log)";
    }
  }

  private died(): SandboxError {
    return new SandboxError(
      `${this.name} ended by itself; its log ends with\n${this.tail()}\n  (${this.log})`,
    );
  }

  private alive(): Recorded | undefined {
    try {
      const recorded = JSON.parse(readFileSync(this.pidFile, "utf8")) as Recorded;
      return isRunning(recorded) ? recorded : undefined;
    } catch {
      return undefined;
    }
  }
}

/** What makes two launches differ. PATH and TMPDIR are the shell's that happened to be first. */
function hashOf({ env, ...launch }: Launch): string {
  const { PATH: _path, TMPDIR: _temporary, ...own } = env;
  return createHash("sha256")
    .update(JSON.stringify({ ...launch, env: own }))
    .digest("hex");
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  // Looked at again right before: between two looks the id may have been given to another process.
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function gone(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (isRunning(identity)) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
