import type { SingleBar } from "cli-progress";
import type { Io } from "../io";

/** How far a long step is: a bar for a person, one plain line a step for a log. Goes to stderr, so that stdout holds results only. */
export class Progress {
  private bar: SingleBar | undefined;
  private done = 0;
  private what = "";

  constructor(private readonly io: Io) {}

  /** Begins a step, such as `Rewrapping 500 data keys`. */
  async start(what: string, total: number): Promise<void> {
    this.end();
    this.what = what;
    this.done = 0;
    if (!this.io.isTerminal) {
      this.io.stderr.write(`${what}\n`);
      return;
    }
    const { default: progress } = await import("cli-progress");
    const format = "{what} [{bar}] {value}/{total}";
    this.bar = new progress.SingleBar(
      { format, stream: process.stderr, clearOnComplete: true },
      progress.Presets.shades_classic,
    );
    this.bar.start(total, 0, { what: this.what });
  }

  readonly advance = (done: number): void => {
    this.done += done;
    this.bar?.update(this.done);
  };

  end(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}
