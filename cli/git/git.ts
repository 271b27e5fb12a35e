import { spawn } from "node:child_process";
import { CliError } from "../errors/cli-error";
import type { GitGroup } from "./git-group";
import { withJobCredentials } from "./job-credentials";

/** What a git command printed. Bytes, since file names and contents need not be text. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Variables that tie git to another repository, another index or another way to read paths than the one at hand. A hook inherits
 * them, and so would everything that it starts.
 */
const MISLEADING = new Set([
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_DIR",
  "GIT_GLOB_PATHSPECS",
  "GIT_GRAFT_FILE",
  "GIT_ICASE_PATHSPECS",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_INTERNAL_SUPER_PREFIX",
  "GIT_LITERAL_PATHSPECS",
  "GIT_NAMESPACE",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_NO_REPLACE_OBJECTS",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_REPLACE_REF_BASE",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
]);

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs git in one folder: never through a shell, in English, with paths taken literally. */
export class Git {
  private readonly env: Environment;

  /** @param group absent: git belongs to the terminal as this process does, and Ctrl-C reaches both */
  constructor(
    public readonly folder: string,
    env: Environment,
    private readonly group?: GitGroup,
  ) {
    const kept = Object.entries(withJobCredentials(env)).filter(([name]) => !MISLEADING.has(name));
    // Reading must not touch the index: another git may be at work beside this one.
    this.env = { ...Object.fromEntries(kept), LC_ALL: "C", LANGUAGE: "C", GIT_OPTIONAL_LOCKS: "0" };
  }

  /** The same, in another folder. */
  in(folder: string): Git {
    return new Git(folder, this.env, this.group);
  }

  /** Resolves whatever the exit code. `input` goes to standard input. */
  try(args: readonly string[], input: string | Buffer = ""): Promise<GitResult> {
    const { group } = this;
    return new Promise((resolve, reject) => {
      if (group?.over) return;
      const child = spawn("git", ["--literal-pathspecs", ...args], {
        cwd: this.folder,
        env: { ...this.env },
        stdio: "pipe",
        detached: group !== undefined,
      });
      group?.add(child);
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on("data", (part: Buffer) => stdout.push(part));
      child.stderr.on("data", (part: Buffer) => stderr.push(part));
      child.on("error", (error: NodeJS.ErrnoException) => {
        const why = error.code === "ENOENT" ? "is git installed, and does the folder exist?" : error.message;
        reject(new CliError(`git cannot be started in ${this.folder}: ${why}`));
      });
      child.on("close", (code) => {
        if (group?.over) return;
        resolve({
          code: code ?? 1,
          stdout: Buffer.concat(stdout),
          stderr: Buffer.concat(stderr).toString("utf8"),
        });
      });
      // A git that fails early closes the pipe before it is read; its exit code tells the story.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    });
  }

  /** Resolves with standard output. @throws CliError with git's own reason on one line. */
  async run(args: readonly string[], input: string | Buffer = ""): Promise<Buffer> {
    const result = await this.try(args, input);
    if (result.code === 0) return result.stdout;
    throw new CliError(`git ${args[0]} failed in ${this.folder}: ${reasonOf(result)}`);
  }

  /** Standard output as text, without the line end. */
  async text(args: readonly string[], input: string | Buffer = ""): Promise<string> {
    return (await this.run(args, input)).toString("utf8").trimEnd();
  }
}

/** What git says went wrong, on one line: its fatal or error lines, without the hints. */
export function reasonOf(result: GitResult): string {
  const lines = result.stderr.split("\n").map((line) => line.trim());
  const told = lines.filter((line) => /^(fatal|error|remote):/.test(line));
  const chosen = told.length > 0 ? told : lines.filter((line) => line !== "" && !line.startsWith("hint:"));
  const text = chosen.join("; ").replace(/:\/\/[^/@\s]+@/g, "://");
  return text === "" ? `exit code ${result.code}` : text.slice(0, 500);
}
