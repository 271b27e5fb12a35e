import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../processes/sandbox-error";
import type { KubeApi } from "../kube-api";

export interface ReconcileLoopOptions {
  /** For the log. */
  readonly name: string;
  readonly api: KubeApi;
  /** Any change under these API paths is a reason to work. */
  readonly watches: readonly string[];
  /** And so is that much time without one. */
  readonly everyMs: number;
  /** Brings the world in line; called again and again, never twice at once. */
  readonly work: () => Promise<void>;
}

const PAUSE_AFTER_FAILURE_MS = 500;

/** Works whenever something changed, as a controller does. A failure is logged and tried again. */
export class ReconcileLoop {
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private due = true;
  private lastFailure = "";
  private ended: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ReconcileLoopOptions) {}

  start(): void {
    this.ended = Promise.all([this.turn(), ...this.options.watches.map((path) => this.follow(path))]);
  }

  /** Resolves when the work in hand is done. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.ended;
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async turn(): Promise<void> {
    while (!this.stopped) {
      this.due = false;
      await this.workOnce();
      if (!this.due && !this.stopped) await this.nextReason();
    }
  }

  private async workOnce(): Promise<void> {
    try {
      await this.options.work();
      this.lastFailure = "";
    } catch (error) {
      const failure = messageOf(error);
      // The same failure every few seconds would bury everything else in the log.
      if (failure !== this.lastFailure) process.stderr.write(`${this.options.name}: ${failure}\n`);
      this.lastFailure = failure;
      await sleep(PAUSE_AFTER_FAILURE_MS);
    }
  }

  private nextReason(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.options.everyMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async follow(path: string): Promise<void> {
    const onEvent = () => {
      this.due = true;
      this.wake();
    };
    while (!this.stopped) {
      // A watch that ends is begun anew; meanwhile the clock still gives reasons to work.
      await this.options.api.watch(path, onEvent, this.stopping.signal).catch(() => undefined);
      if (!this.stopped) await sleep(PAUSE_AFTER_FAILURE_MS);
    }
  }
}
