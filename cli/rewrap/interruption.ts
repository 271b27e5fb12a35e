import { CliError } from "../errors/cli-error";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Ctrl-C while files are being written: the signal is noted, and the work asks for it between two files, so that it can first take
 * back what it did.
 */
export class Interruption {
  private asked: NodeJS.Signals | undefined;
  private readonly note = (signal: NodeJS.Signals) => {
    this.asked = signal;
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.note);
  }

  /** Lets signals come in. @throws CliError when one has. */
  async check(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.asked) throw new CliError(`interrupted (${this.asked}); the tree is as it was`);
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.note);
  }
}
