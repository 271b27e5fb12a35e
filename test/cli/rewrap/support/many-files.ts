import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BuiltCommand, type Exit, exitOf } from "./built-command";
import { SopsRepository, secret } from "./sops-repository";
import type { SopsVault } from "./sops-vault";

const FOLDERS = 10;
const SEEDS = 5;

/** Hundreds of thousands of files are made and removed here, for which some disks take minutes. */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** How long a run takes that is left alone, so that kills can fall into all of it. */
export interface Length {
  readonly whole: number;
  /** From the moment at which it says that it writes. */
  readonly writing: number;
}

/** A repository of many sops files with a Vault key of its own, in which the command runs as a process. */
export class ManyFiles {
  private constructor(
    readonly repository: SopsRepository,
    private readonly vault: SopsVault,
    private readonly key: string,
    private readonly command: BuiltCommand,
    private readonly seeds: readonly string[],
    private readonly count: number,
  ) {}

  static async create(
    vault: SopsVault,
    key: string,
    command: BuiltCommand,
    count: number,
  ): Promise<ManyFiles> {
    await vault.newKey(key);
    const repository = SopsRepository.create(vault.env(), MEMORY);
    const seeds = Array.from({ length: SEEDS }, (_, index) => {
      repository.encrypt("seed.yaml", secret(`seed-${index}`), vault.keyUri(key));
      return repository.read("seed.yaml");
    });
    repository.write("seed.yaml", "");
    const many = new ManyFiles(repository, vault, key, command, seeds, count);
    for (const [path, seed] of many.paths()) repository.write(path, seed);
    repository.commitAll();
    repository.withUpstream();
    return many;
  }

  /** Resolves with the new version. */
  rotate(): Promise<number> {
    return this.vault.rotate(this.key);
  }

  contents(): string[] {
    return this.paths().map(([path]) => this.repository.read(path));
  }

  /** How many files are at this version. @throws for one that differs from what it was by more than its wrapped key. */
  wholeFiles(version: number): number {
    const contents = this.paths().map(([path, seed]) => {
      const content = this.repository.read(path);
      if (withoutKey(content) !== withoutKey(seed)) throw new Error(`${path} is torn`);
      return content;
    });
    return contents.filter((content) => content.includes(`vault:v${version}:`)).length;
  }

  /** What lies beside the files. */
  temporary(): string[] {
    const folders = Array.from({ length: FOLDERS }, (_, index) =>
      join(this.repository.folder, "apps", String(index)),
    );
    return folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(".tmp")));
  }

  run(words: readonly string[] = []): Promise<Exit> {
    return this.command.run(this.repository, words);
  }

  async lengthOf(words: readonly string[] = []): Promise<Length> {
    const begun = performance.now();
    const child = this.command.start(this.repository, words);
    const writes = writing(child).then(() => performance.now());
    const { code, err } = await exitOf(child);
    if (code !== 0) throw new Error(`a run that was left alone failed: ${err}`);
    const ended = performance.now();
    return { whole: ended - begun, writing: ended - Math.min(ended, await writes) };
  }

  /** Ends a run at any moment of it, or of the shorter time in which it writes. Resolves with whether it came in time. */
  async killed(length: Length, phase: keyof Length, words: readonly string[] = []): Promise<boolean> {
    const child = this.command.start(this.repository, words);
    const ended = exitOf(child);
    if (phase === "writing") await writing(child);
    await sleep(Math.random() * length[phase]);
    child.kill("SIGKILL");
    return (await ended).signal === "SIGKILL";
  }

  /** Sends a signal when it begins to write. */
  async signalled(signal: NodeJS.Signals): Promise<Exit> {
    const child = this.command.start(this.repository, []);
    const ended = exitOf(child);
    await writing(child);
    child.kill(signal);
    return ended;
  }

  /** Paths, and what lay there at first. */
  paths(): [string, string][] {
    return Array.from({ length: this.count }, (_, index) => [
      `apps/${index % FOLDERS}/secret-${index}.yaml`,
      this.seeds[index % SEEDS] ?? "",
    ]);
  }
}

async function writing(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    child.stderr?.on("data", (part: Buffer) => part.includes("Writing") && resolve());
    child.once("exit", () => resolve());
  });
}

function withoutKey(content: string): string {
  return content.replace(/vault:v\d+:[A-Za-z0-9+/=]+/, "");
}
