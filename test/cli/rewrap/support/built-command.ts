import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { SopsRepository } from "./sops-repository";

const ROOT = join(__dirname, "..", "..", "..", "..");

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** The command as a process of its own, bundled once, where any user may read it. */
export class BuiltCommand {
  private constructor(private readonly folder: string) {}

  static async build(): Promise<BuiltCommand> {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-command-"));
    await build({
      absWorkingDir: ROOT,
      entryPoints: [join("cli", "main.ts")],
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      platform: "node",
      target: "node20",
      format: "esm",
      logLevel: "silent",
      banner: {
        js: 'import { createRequire } from "node:module";const require = createRequire(import.meta.url);',
      },
      // Not started here.
      external: ["./commands/retire", "./commands/status", "./commands/verify"],
    });
    chmodSync(folder, 0o755);
    return new BuiltCommand(folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** `sopsloop rewrap` in a repository. */
  start({ folder, env }: SopsRepository, words: readonly string[], uid?: number): ChildProcess {
    const owner = uid === undefined ? {} : { uid, gid: uid };
    return this.call(["rewrap", ...words], { cwd: folder, env, ...owner });
  }

  /** Any command line. */
  call(words: readonly string[], options: Pick<SpawnOptions, "cwd" | "env" | "uid" | "gid">): ChildProcess {
    return spawn(process.execPath, [join(this.folder, "main.mjs"), ...words], {
      ...options,
      env: { ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async run(repository: SopsRepository, words: readonly string[] = [], uid?: number): Promise<Exit> {
    return exitOf(this.start(repository, words, uid));
  }
}

export async function exitOf(child: ChildProcess): Promise<Exit> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (part: Buffer) => {
    out += part;
  });
  child.stderr?.on("data", (part: Buffer) => {
    err += part;
  });
  const [code, signal] = await once(child, "close");
  return { code, signal, out, err };
}
