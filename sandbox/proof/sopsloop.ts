import { type RunResult, tryRun } from "../processes/run";
import { SandboxError } from "../processes/sandbox-error";

/** The part of `sopsloop status --json` that is read here. */
export interface Status {
  readonly summary: { readonly files: number; readonly fresh: number; readonly stale: number };
}

/** The command, as one identity, in one work tree. */
export class Sopsloop {
  constructor(
    private readonly cwd: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  /** @param expected exit code */
  async status(expected: 0 | 1): Promise<Status> {
    const result = await this.run("status", "--json");
    if (result.code !== expected) throw failure("status", result);
    return JSON.parse(result.stdout) as Status;
  }

  /** Resolves with what it printed. */
  async succeed(...words: string[]): Promise<string> {
    const result = await this.run(...words);
    if (result.code !== 0) throw failure(words.join(" "), result);
    return result.stdout;
  }

  private run(...words: string[]): Promise<RunResult> {
    return tryRun("sopsloop", words, { cwd: this.cwd, env: this.env });
  }
}

function failure(words: string, { code, stdout, stderr }: RunResult): SandboxError {
  return new SandboxError(`sopsloop ${words} ended with ${code}: ${(stderr || stdout).trim()}`);
}
