import { join } from "node:path";
import { run, tryRun } from "../processes/run";
import { SandboxError } from "../processes/sandbox-error";
import type { Binary, Tool } from "./tool";

/** What a binary prints when it is asked. Its exit code does not matter: a plugin or a help text ends with 1 or 2. */
export async function probe(file: string, binary: Binary): Promise<string> {
  const { stdout, stderr } = await tryRun(file, binary.probe, {
    env: { PATH: process.env.PATH, HOME: "/nonexistent" },
  });
  return `${stdout}\n${stderr}`.trim();
}

/** Runs each binary of a freshly built tool and reads its build info. Throws a SandboxError on what is not as pinned. */
export async function verify(tool: Tool, folder: string): Promise<void> {
  for (const binary of tool.binaries) {
    const file = join(folder, binary.name);
    const printed = await probe(file, binary);
    if (!printed.includes(binary.prints)) {
      throw new SandboxError(
        `${binary.name}: was built but does not run as it should: "${binary.prints}" is not in "${printed.slice(0, 200)}"`,
      );
    }
    const info = await run("go", ["version", "-m", file]);
    if (!info.includes(`${tool.module}\t${tool.version}`)) {
      throw new SandboxError(
        `${binary.name}: was built from another version than ${tool.version} of ${tool.module}; mend ${tool.folder}/go.mod or tools.ts`,
      );
    }
  }
}
