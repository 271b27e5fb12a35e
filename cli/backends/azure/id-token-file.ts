import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A CI job's ID token in a file that only this user can read, for as long as sops runs: sops takes it from a file and not from a variable. */
export class IdTokenFile {
  private readonly folder = mkdtempSync(join(tmpdir(), "sopsloop-id-token-"));
  readonly env: Environment;
  private readonly interrupted = (signal: NodeJS.Signals) => {
    this.remove();
    // Others may have to put something back first, and see to the end themselves.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };

  private constructor({ AZURE_ID_TOKEN: token = "", ...rest }: Environment) {
    for (const signal of SIGNALS) process.on(signal, this.interrupted);
    const file = join(this.folder, "token");
    writeFileSync(file, token.trim(), { mode: 0o600 });
    this.env = { ...rest, AZURE_FEDERATED_TOKEN_FILE: file };
  }

  /** Undefined where there is no ID token. */
  static of(env: Environment): IdTokenFile | undefined {
    return env.AZURE_ID_TOKEN ? new IdTokenFile(env) : undefined;
  }

  remove(): void {
    for (const signal of SIGNALS) process.off(signal, this.interrupted);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
