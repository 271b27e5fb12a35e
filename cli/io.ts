/** Where a command's text goes: a stream of the process, or a string in a test. */
export interface TextSink {
  write(text: string): unknown;
}

/** Everything of the process that a command may touch, so that tests call commands without starting one. */
export interface Io {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether a person reads along: colours on stdout, progress on stderr. */
  readonly isTerminal: boolean;
}

/** The real process. `NO_COLOR` and CI logs count as no terminal. */
export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    isTerminal: Boolean(process.stdout.isTTY && process.stderr.isTTY) && !process.env.NO_COLOR,
  };
}
