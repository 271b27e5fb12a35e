import { isRunning } from "../../../sandbox/processes/process-identity";
import { SandboxError } from "../../../sandbox/processes/sandbox-error";
import { descendantsOf, endAll } from "../../sandbox/support/descendants";
import { Loop } from "../../sandbox/support/loop";

/** What a benchmark is given: how often to run, and servers that are gone afterwards, whatever happens. */
export class Workshop {
  private readonly loops: Loop[] = [];
  private starting = 0;
  private readonly leftovers: (() => Promise<unknown>)[] = [];
  private cleaning: Promise<void> | undefined;

  constructor(
    /** Counted runs of each candidate. */
    readonly runs: number,
  ) {}

  /** A sandbox on free ports, stopped by `clean`. */
  async loop(): Promise<Loop> {
    console.error("  starting a sandbox …");
    this.starting += 1;
    const starting = Loop.start().finally(() => {
      this.starting -= 1;
    });
    // Registered while it starts: an interrupt may come before the servers are up.
    this.afterwards(() =>
      starting.then(
        (loop) => loop.stop(),
        () => undefined,
      ),
    );
    const loop = await starting;
    if (this.cleaning) throw new SandboxError("interrupted");
    this.loops.push(loop);
    return loop;
  }

  /** Something to undo in the end, last first. */
  afterwards(work: () => Promise<unknown>): void {
    this.leftovers.push(work);
  }

  /** Undoes everything. A second call waits for the first. */
  clean(): Promise<void> {
    this.cleaning ??= this.cleanAll();
    return this.cleaning;
  }

  /** Ends what is being measured, then undoes everything. */
  async interrupt(): Promise<void> {
    const servers = this.loops.flatMap(({ sandbox }) =>
      [...sandbox.processes.values()].flatMap((pid) => (pid === undefined ? [] : [pid])),
    );
    const spared = new Set([
      ...servers,
      ...servers.flatMap((pid) => descendantsOf(pid).map((one) => one.pid)),
    ]);
    // Not left to the terminal: a language host whose engine has gone would run on. And at once, before the next command is
    // begun. Servers that are still starting are stopped once they have started.
    if (this.starting === 0) {
      const commands = descendantsOf(process.pid).filter(({ pid }) => !spared.has(pid));
      for (const one of commands) if (isRunning(one)) process.kill(one.pid, "SIGKILL");
      await endAll(commands);
    }
    await this.clean();
  }

  private async cleanAll(): Promise<void> {
    for (const work of this.leftovers.reverse()) {
      await work().catch((error: unknown) => console.error(`  not undone: ${String(error)}`));
    }
  }
}
