import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { seconds } from "../processes/progress";
import { tryRun } from "../processes/run";
import { SandboxError } from "../processes/sandbox-error";
import { BuildLock } from "./build-lock";
import { buildFlags, lockFile, MODULES, toolFolder, toolsCache } from "./cache";
import { acceptedOnPath } from "./on-path";
import { Timings } from "./timings";
import type { Tool } from "./tool";
import { verify } from "./verify";

export interface ToolBuilderOptions {
  readonly cache?: string;
  /** Folder with a folder per tool. */
  readonly modules?: string;
  /** PATH to look for tools that need no build; absent means this process's own. */
  readonly path?: string;
  readonly report?: (line: string) => void;
  /** Told of each tool as soon as it is there, long before the last of a cold build. */
  readonly ready?: (tool: Tool, files: ToolPaths) => void;
}

/** Name of a binary → its file. */
export type ToolPaths = ReadonlyMap<string, string>;

const TAIL_LINES = 15;

/**
 * Builds tools from their pinned modules into the cache, one after the other: Go itself keeps every core busy, while the
 * modules of the next tool are downloaded beside the build. A folder in the cache is complete or not there.
 */
export class ToolBuilder {
  private readonly cache: string;
  private readonly modules: string;
  private readonly report: (line: string) => void;
  private readonly ready: (tool: Tool, files: ToolPaths) => void;

  constructor(private readonly options: ToolBuilderOptions = {}) {
    this.cache = options.cache ?? toolsCache();
    this.modules = options.modules ?? MODULES;
    this.report = options.report ?? ((line) => process.stderr.write(`${line}\n`));
    this.ready = options.ready ?? (() => undefined);
  }

  /** The files of all binaries; builds what neither the cache nor PATH has. Throws a SandboxError on the first that fails. */
  async ensure(tools: readonly Tool[]): Promise<ToolPaths> {
    const paths = new Map<string, string>();
    const missing: Tool[] = [];
    const found = (tool: Tool, files: ToolPaths) => {
      for (const [name, file] of files) paths.set(name, file);
      this.ready(tool, files);
    };
    for (const tool of tools) {
      const files = this.cached(tool) ?? (await acceptedOnPath(tool, this.options.path));
      if (files) found(tool, files);
      else missing.push(tool);
    }
    if (missing.length > 0) {
      const lock = new BuildLock(lockFile(this.cache), (pid) =>
        this.report(`tools: process ${pid} is building already; waiting for it`),
      );
      await lock.hold(() => this.buildAll(missing, found));
    }
    return paths;
  }

  private cached(tool: Tool): Map<string, string> | undefined {
    const folder = this.binFolder(tool);
    if (!existsSync(folder)) return undefined;
    return new Map(tool.binaries.map((binary) => [binary.name, join(folder, binary.name)]));
  }

  private binFolder(tool: Tool): string {
    return join(toolFolder(tool, this.cache, this.modules), "bin");
  }

  private async buildAll(
    tools: readonly Tool[],
    built: (tool: Tool, files: ToolPaths) => void,
  ): Promise<void> {
    const begun = Date.now();
    let download = startDownload(tools[0], this.modules);
    for (const [index, tool] of tools.entries()) {
      const next = tools[index + 1];
      // Another builder may have made it while this one waited for the lock.
      const made = this.cached(tool);
      if (made) {
        built(tool, made);
        download = startDownload(next, this.modules);
        continue;
      }
      this.report(`tools: ${index + 1} of ${tools.length}  ${tool.name} ${tool.version} …`);
      const started = Date.now();
      await this.finishDownload(tool, await download);
      const downloaded = Date.now();
      download = startDownload(next, this.modules);
      const compiled = await this.build(tool);
      const done = Date.now();
      new Timings(this.cache).add({
        tool: tool.name,
        version: tool.version,
        download: (downloaded - started) / 1000,
        build: (compiled - downloaded) / 1000,
        verify: (done - compiled) / 1000,
        at: new Date(done).toISOString(),
      });
      this.report(
        `tools: ${index + 1} of ${tools.length}  ${tool.name}: ${seconds(done - started)}, ` +
          `${seconds(done - begun)} in all${next ? `; next: ${next.name}` : ""}`,
      );
      built(tool, this.cached(tool) ?? new Map());
    }
  }

  private async finishDownload(tool: Tool, output: DownloadOutput): Promise<void> {
    if (output.code !== 0) throw this.failed(tool, "its modules cannot be downloaded", output.text);
  }

  /** Builds and checks in a temporary folder, then renames. Resolves with the time at which the build itself was done. */
  private async build(tool: Tool): Promise<number> {
    const target = toolFolder(tool, this.cache, this.modules);
    mkdirSync(dirname(target), { recursive: true });
    const work = mkdtempSync(`${target}.building-`);
    try {
      const bin = join(work, "bin");
      mkdirSync(bin);
      for (const binary of tool.binaries) {
        const args = ["build", ...buildFlags(tool), "-o", join(bin, binary.name), binary.package];
        const { code, stdout, stderr } = await tryRun("go", args, this.inModule(tool));
        if (code !== 0) throw this.failed(tool, `go build of ${binary.name} failed`, `${stdout}${stderr}`);
      }
      const built = Date.now();
      await verify(tool, bin);
      rmSync(target, { recursive: true, force: true });
      renameSync(work, target);
      return built;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }

  private inModule(tool: Tool) {
    return { cwd: join(this.modules, tool.folder), env: goEnvironment() };
  }

  private failed(tool: Tool, what: string, text: string): SandboxError {
    const log = join(this.cache, "logs", `${tool.name}.log`);
    mkdirSync(dirname(log), { recursive: true });
    writeFileSync(log, text);
    const tail = text.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
    return new SandboxError(
      `${tool.name} ${tool.version}: ${what}; the log ends with\n${tail}\n  (all of it: ${log})`,
    );
  }
}

interface DownloadOutput {
  readonly code: number;
  readonly text: string;
}

/** Never rejects: the build that needs the modules reports what went wrong. */
async function startDownload(tool: Tool | undefined, modules: string): Promise<DownloadOutput> {
  if (!tool) return { code: 0, text: "" };
  try {
    // Lists what the build needs, which downloads it. A plain `go mod download` would fetch the modules of tests as well.
    const args = [
      "list",
      "-deps",
      ...(tool.tags ? ["-tags", tool.tags] : []),
      ...tool.binaries.map((one) => one.package),
    ];
    const { code, stderr } = await tryRun("go", args, {
      cwd: join(modules, tool.folder),
      env: goEnvironment(),
    });
    return { code, text: stderr };
  } catch (error) {
    return { code: 1, text: error instanceof Error ? error.message : String(error) };
  }
}

/** Go as installed, no other toolchain fetched, nothing of go.mod changed. */
export function goEnvironment(): Record<string, string | undefined> {
  return { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOTOOLCHAIN: "local", GOWORK: "off" };
}
