import { spawn } from "node:child_process";
import { SandboxError } from "./sandbox-error";

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment; absent means this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Goes to standard input: the way to hand over a secret. */
  readonly input?: string | Buffer;
  /** Of standard output; `latin1` keeps every byte. @default utf8 */
  readonly encoding?: BufferEncoding;
  /** Show standard output and errors as they come, instead of only collecting them. */
  readonly show?: boolean;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell and collects what it prints. Rejects only when it cannot be started. */
export function tryRun(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      env: { ...(options.env ?? process.env) },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding(options.encoding ?? "utf8").on("data", (text: string) => {
      stdout += text;
      if (options.show) process.stdout.write(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (options.show) process.stderr.write(text);
    });
    child.on("error", (error) =>
      reject(new SandboxError(`${file}: cannot be started (${error.message}); is it installed?`)),
    );
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
    // A program that ends without reading its input closes the pipe early; its exit code tells the story.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

/** Like `tryRun`, and rejects with the last lines of its errors when the program does not exit with 0. Resolves with stdout. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryRun(file, args, options);
  if (code === 0) return stdout;
  const words = [file.split("/").pop(), ...args.slice(0, 2)].join(" ");
  const last = (stderr.trim() || stdout.trim()).split("\n").slice(-8).join("\n");
  throw new SandboxError(`${words} failed (exit ${code})${options.show ? "" : `:\n${last}`}`);
}
