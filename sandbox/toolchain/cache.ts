import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Tool } from "./tool";

/** Folder with one go.mod per tool. */
export const MODULES = __dirname;

/** Where built tools live: the user's cache folder, so that every checkout shares them. */
export function toolsCache(): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(base, "sopsloop", "tools");
}

/** Held by whoever builds into a cache. */
export function lockFile(cache = toolsCache()): string {
  return join(cache, "build.lock");
}

/** Flags of every build. `-trimpath` makes the result the same wherever the checkout lies. */
export function buildFlags(tool: Tool): string[] {
  const settings = Object.entries(tool.settings ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return [
    "-trimpath",
    "-buildvcs=false",
    ...(tool.tags === undefined ? [] : ["-tags", tool.tags]),
    "-ldflags",
    ["-s", "-w", ...settings].join(" "),
  ];
}

/** A tool's folder in the cache; it changes with its version, its pinned modules and its flags, and so never goes stale. */
export function toolFolder(tool: Tool, cache = toolsCache(), modules = MODULES): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "tools.go"])
    hash.update(readFileSync(join(modules, tool.folder, file)));
  hash.update(JSON.stringify([buildFlags(tool), tool.binaries.map((binary) => binary.package)]));
  return join(cache, tool.name, `${tool.version}-${hash.digest("hex").slice(0, 12)}`);
}
