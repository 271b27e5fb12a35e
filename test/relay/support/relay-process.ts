import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../../relay/build";

const ROOT = join(__dirname, "..", "..", "..");

/** Starts Node with these words, and waits until what runs there listens. */
export async function startProcess(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RelayProcess> {
  const relay = new RelayProcess(
    spawn(process.execPath, [...words], {
      env: { RELAY_LISTEN: "127.0.0.1:0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  await relay.listening();
  return relay;
}

/** The bundle for Node, made once, in a folder of its own. */
export class RelayBundle {
  private readonly folder = mkdtempSync(join(tmpdir(), "sopsloop-relay-"));
  private readonly file = join(this.folder, "relay.cjs");

  constructor() {
    writeFileSync(this.file, bundle("node", ROOT).bytes);
  }

  /** Starts a relay on a free port, and waits until it listens. @param before a file that is loaded before it. */
  async start(env: Readonly<Record<string, string>>, before?: string): Promise<RelayProcess> {
    const words = before === undefined ? [this.file] : ["--require", before, this.file];
    return startProcess(words, env);
  }

  /** A folder beside the bundle, for claims. */
  place(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A relay as a process of its own. */
export class RelayProcess {
  /** All that it has written. */
  out = "";
  err = "";
  private address: string | undefined;

  constructor(private readonly child: ChildProcess) {
    child.stdout?.on("data", (part: Buffer) => {
      this.out += part;
    });
    child.stderr?.on("data", (part: Buffer) => {
      this.err += part;
    });
  }

  /** `http://127.0.0.1:port`. */
  get url(): string {
    if (this.address === undefined) throw new Error("it does not listen yet");
    return this.address;
  }

  async listening(): Promise<void> {
    while (this.address === undefined) {
      this.address = /"message":"listening","address":"([^"]+)"/.exec(this.out)?.[1];
      if (this.address !== undefined) return;
      if (this.child.exitCode !== null) throw new Error(`the relay ended: ${this.err}${this.out}`);
      await Promise.race([once(this.child.stdout ?? this.child, "data"), once(this.child, "exit")]);
    }
  }

  /** A delivery; undefined when the connection broke. */
  async post(body: unknown, headers: Readonly<Record<string, string>>): Promise<Response | undefined> {
    try {
      return await fetch(`${this.url}/events`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
    } catch {
      return undefined;
    }
  }

  /** Waits for its end. @returns the exit code, or the signal that has ended it. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) return exitCode ?? signalCode;
    const [code, by] = await once(this.child, "close");
    return code ?? by;
  }

  /** @returns the exit code, or the signal that has ended it. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | NodeJS.Signals | null> {
    this.child.kill(signal);
    return this.ended();
  }
}
