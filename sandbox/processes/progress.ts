/** Tells the person at the terminal, on standard error, where a long command is: n of m, elapsed, what is next. */
export class Progress {
  private done = 0;
  private readonly begun = Date.now();

  constructor(
    private readonly title: string,
    private readonly steps: readonly string[],
    private readonly write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
  ) {}

  /** Runs the next step and reports it when it is done, with what comes after it. */
  async step<T>(work: () => Promise<T>): Promise<T> {
    const name = this.steps[this.done] ?? "";
    const started = Date.now();
    this.write(`${this.title}: ${this.done + 1} of ${this.steps.length}  ${name} …`);
    const result = await work();
    this.done += 1;
    const next = this.steps[this.done];
    this.write(
      `${this.title}: ${this.done} of ${this.steps.length}  ${name}: ${seconds(Date.now() - started)}, ` +
        `${seconds(this.elapsedMs)} in all${next === undefined ? "" : `; next: ${next}`}`,
    );
    return result;
  }

  get elapsedMs(): number {
    return Date.now() - this.begun;
  }
}

/** A duration as people say it: `0.4 s`, `12 s`, `5 min 3 s`. */
export function seconds(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
