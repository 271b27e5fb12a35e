/** Exit codes of every command: 0 all is well, 1 something was found or failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** An error that a person can act on: one line that says what, where, and how to mend it. Shown without a stack trace. */
export class CliError extends Error {
  constructor(
    message: string,
    /** 1 failed, 2 wrong usage. */
    public readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
    this.name = "CliError";
  }
}
