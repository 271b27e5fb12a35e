import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Tool } from "./tool";
import { probe } from "./verify";

/** The file that a command name stands for on PATH. */
export function findOnPath(name: string, path = process.env.PATH ?? ""): string | undefined {
  for (const folder of path.split(delimiter).filter((entry) => entry !== "")) {
    try {
      const file = join(folder, name);
      accessSync(file, constants.X_OK);
      return realpathSync(file);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Paths of a tool's binaries where all of them are on PATH, the first in an accepted version; else undefined. */
export async function acceptedOnPath(tool: Tool, path?: string): Promise<Map<string, string> | undefined> {
  if (!tool.acceptsOnPath) return undefined;
  const found = new Map<string, string>();
  for (const binary of tool.binaries) {
    const file = findOnPath(binary.name, path);
    if (file === undefined) return undefined;
    found.set(binary.name, file);
  }
  const [first] = tool.binaries;
  const file = first && found.get(first.name);
  return first && file && tool.acceptsOnPath.test(await probe(file, first)) ? found : undefined;
}
