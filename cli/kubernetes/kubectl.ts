import { spawn } from "node:child_process";
import { CliError } from "../errors/cli-error";

type Environment = Readonly<Record<string, string | undefined>>;

/** What kubectl printed. */
export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const PATIENCE = "--request-timeout=20s";

/** The cluster as the caller's own kubectl reaches it: its kubeconfig, context and plugins for logging in. */
export class Kubectl {
  constructor(private readonly env: Environment) {}

  /** Resolves whatever the exit code. `input` goes to standard input: the way for anything secret. */
  try(args: readonly string[], input = ""): Promise<KubectlResult> {
    return new Promise((resolve, reject) => {
      const child = spawn("kubectl", [PATIENCE, ...args], { env: { ...this.env } });
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      child.on("error", () =>
        reject(new CliError("kubectl cannot be started; install it, or put it on PATH")),
      );
      child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    });
  }

  /** An object or a list; undefined where the server has none. @throws CliError with kubectl's own reason. */
  async get<T>(args: readonly string[]): Promise<T | undefined> {
    const { code, stdout, stderr } = await this.try(["get", "--output=json", ...args]);
    if (code === 0) return JSON.parse(stdout) as T;
    if (/\(NotFound\)|doesn't have a resource type/.test(stderr)) return undefined;
    throw new CliError(
      `kubectl get ${args.join(" ")}: ${reasonOf(stderr)}; check KUBECONFIG, the context and your rights`,
    );
  }
}

/** The first line that says what is wrong. */
export function reasonOf(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !/^[EWI]\d{4} /.test(line));
  return (lines[0] ?? "no reason given").replace(/^error: /i, "").slice(0, 300);
}
