import { spawn } from "node:child_process";
import { CliError } from "../../errors/cli-error";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolCall {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  /** Goes to standard input: the way for anything secret. */
  readonly input: string;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** Runs a command from PATH without a shell, and resolves whatever its exit code is. @throws CliError where it cannot be started. */
export function runTool(name: string, { words, cwd, env, input, signal }: ToolCall): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(name, words, { cwd, env: { ...env }, stdio: "pipe" });
    const end = () => child.kill();
    signal?.addEventListener("abort", end);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-8000);
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        new CliError(
          error.code === "ENOENT"
            ? `${name} is not on PATH, or ${cwd} is no folder; sopsloop chart needs ${name}`
            : `${name} cannot be started: ${error.message}`,
        ),
      ),
    );
    child.on("close", (code) => {
      signal?.removeEventListener("abort", end);
      resolve({ code: code ?? 1, stdout, stderr });
    });
    // A tool that fails early closes the pipe before it is read; its exit code tells the story.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** What a tool says, on one line. */
export function oneLine(text: string, longest = 400): string {
  return text.replace(/\s+/g, " ").trim().slice(-longest);
}
