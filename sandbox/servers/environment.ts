import { tmpdir } from "node:os";
import { SandboxError } from "../processes/sandbox-error";
import type { ToolPaths } from "../toolchain/tool-builder";

/** What a server gets to see: nothing of the person's own settings, and so none of their tokens. */
export function plainEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", TMPDIR: tmpdir() };
}

/** Git as it comes: a person's own settings may sign commits, run hooks or ask questions. */
export const PLAIN_GIT = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
};

/** The file of a tool. Throws a SandboxError when it is not built. */
export function toolIn(tools: ToolPaths, name: string): string {
  const file = tools.get(name);
  if (file === undefined) throw new SandboxError(`${name}: not built; run \`make tools\``);
  return file;
}
