/** What helm makes of a chart. It is begun early, and asked for only where it is needed: much can be done meanwhile. */
export class Rendering {
  private readonly ending = new AbortController();
  private readonly begun: Promise<string>[] = [];

  /** @param render runs helm until the signal says that nobody waits for it any more. */
  constructor(private readonly render: (signal: AbortSignal) => Promise<string>) {}

  begin(): void {
    if (this.begun.length === 0) void this.again();
  }

  /** The same at each call. @throws CliError with helm's own reason. */
  text(): Promise<string> {
    return this.begun[0] ?? this.again();
  }

  /** What helm renders at another time; the same, for most charts. */
  again(): Promise<string> {
    const text = this.render(this.ending.signal);
    this.begun.push(text);
    // Whoever asks is told; nobody may ask.
    text.catch(() => undefined);
    return text;
  }

  /** Ends what still runs, and resolves when it is gone. */
  async end(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled(this.begun);
  }
}
