import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BuiltCommand, exitOf } from "./support/built-command";
import { SopsRepository, secret } from "./support/sops-repository";
import { SopsVault } from "./support/sops-vault";

const FILES = 500;
const FOLDERS = 10;
const KILLS = 200;
const SEEDS = 5;
/** Kills while it commits and pushes. */
const ROUNDS = 12;

/** Hundreds of thousands of files are made and removed here, for which some disks take minutes. */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const pathOf = (index: number) => `apps/${index % FOLDERS}/secret-${index}.yaml`;

describe("a rewrap of 500 files", () => {
  let vault: SopsVault;
  let command: BuiltCommand;
  let repository: SopsRepository;
  let seeds: string[];

  beforeAll(async () => {
    vault = await SopsVault.start();
    command = await BuiltCommand.build();
    repository = SopsRepository.create(vault.env(), MEMORY);
    seeds = Array.from({ length: SEEDS }, (_, index) => {
      repository.encrypt("seed.yaml", secret(`seed-${index}`), vault.keyUri());
      return repository.read("seed.yaml");
    });
    repository.write("seed.yaml", "");
    for (let index = 0; index < FILES; index++) repository.write(pathOf(index), seeds[index % SEEDS] ?? "");
    repository.commitAll();
    repository.withUpstream();
  });
  afterAll(async () => {
    repository.remove();
    command.remove();
    await vault.stop();
  });

  /** What is left when the wrapped key is taken out must be the same, before and after, to the byte. */
  const withoutKey = (content: string) => content.replace(/vault:v\d+:[A-Za-z0-9+/=]+/, "");
  const temporary = () => {
    const folders = Array.from({ length: FOLDERS }, (_, index) =>
      join(repository.folder, "apps", String(index)),
    );
    return folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(".tmp")));
  };

  /** How many files have been rewrapped; every one of them must be whole. */
  function wholeFiles(version: number): number {
    let done = 0;
    for (let index = 0; index < FILES; index++) {
      const path = pathOf(index);
      const content = repository.read(path);
      if (withoutKey(content) !== withoutKey(seeds[index % SEEDS] ?? "")) throw new Error(`${path} is torn`);
      if (content.includes(`vault:v${version}:`)) done++;
    }
    return done;
  }

  interface Length {
    readonly whole: number;
    /** From the moment at which it says that it writes. */
    readonly writing: number;
  }

  /** How long a run takes that is left alone, so that the kills fall into all of it. */
  async function lengthOf(words: readonly string[]): Promise<Length> {
    const begun = performance.now();
    const child = command.start(repository, words);
    const writes = writing(child).then(() => performance.now());
    expect(await exitOf(child)).toMatchObject({ code: 0 });
    const ended = performance.now();
    return { whole: ended - begun, writing: ended - Math.min(ended, await writes) };
  }

  async function writing(child: ChildProcess): Promise<void> {
    await new Promise<void>((resolve) => {
      child.stderr?.on("data", (part: Buffer) => part.includes("Writing") && resolve());
      child.once("exit", () => resolve());
    });
  }

  /** At any moment of its run, or of the shorter time in which it writes. */
  async function killed(length: Length, phase: keyof Length, words: readonly string[]): Promise<boolean> {
    const child = command.start(repository, words);
    const ended = exitOf(child);
    if (phase === "writing") await writing(child);
    await sleep(Math.random() * length[phase]);
    child.kill("SIGKILL");
    return (await ended).signal === "SIGKILL";
  }

  test(`killed at ${KILLS} moments leaves no torn file, and the next run completes it`, async () => {
    await vault.rotate();
    const length = await lengthOf([]);
    let [kills, halfway] = [0, 0];
    while (kills < KILLS) {
      const version = await vault.rotate();
      // Several kills a rotation: a run that begins where another was killed is killed as well.
      for (let attempt = 0; attempt < 8 && kills < KILLS; attempt++) {
        if (!(await killed(length, attempt % 2 === 0 ? "writing" : "whole", []))) break;
        kills++;
        const done = wholeFiles(version);
        if (done > 0 && done < FILES) halfway++;
      }
      expect(await command.run(repository)).toMatchObject({ code: 0 });
      expect(wholeFiles(version)).toBe(FILES);
      expect(temporary()).toEqual([]);
    }
    console.log(`${kills} kills, ${halfway} of them with some files written and others not`);
    expect(repository.decrypt(pathOf(0))).toContain("alpha-seed-0");
    expect(repository.git("rev-parse", "HEAD")).toBe(repository.git("rev-parse", "origin/main"));
  }, 240_000);

  test("killed while it commits and pushes, it has pushed all or nothing, and the next run completes it", async () => {
    await vault.rotate();
    const length = await lengthOf(["--push"]);
    for (let round = 0; round < ROUNDS; round++) {
      const version = await vault.rotate();
      const before = upstreamHead();
      await killed(length, round % 2 === 0 ? "writing" : "whole", ["--push"]);
      await gitIsDone();
      const pushed = upstreamHead();
      if (pushed !== before) {
        const names = repository.git("diff", "--name-only", before, pushed).split("\n");
        expect(names).toHaveLength(FILES);
      }
      expect(await command.run(repository, ["--push"])).toMatchObject({ code: 0 });
      expect(wholeFiles(version)).toBe(FILES);
      expect(repository.status()).toBe("");
      expect(upstreamHead()).toBe(repository.git("rev-parse", "HEAD"));
      expect(repository.git("rev-list", "--count", `${before}..HEAD`)).toBe("1");
    }
  }, 120_000);

  const upstreamHead = () => repository.git("ls-remote", "origin", "refs/heads/main").split("\t")[0] ?? "";

  /** A git that was under way when its parent was killed finishes by itself. */
  async function gitIsDone(): Promise<void> {
    const locks = () =>
      readdirSync(join(repository.folder, ".git")).filter((name) => /^(index|HEAD)\.lock$/.test(name));
    for (let quiet = 0; quiet < 3; ) {
      quiet = locks().length === 0 ? quiet + 1 : 0;
      await sleep(30);
    }
  }

  test("interrupted, it puts everything back", async () => {
    repository.git("checkout", "--quiet", ".");
    await vault.rotate();
    const before = Array.from({ length: FILES }, (_, index) => repository.read(pathOf(index)));
    const child = command.start(repository, []);
    const ended = exitOf(child);
    await writing(child);
    child.kill("SIGINT");
    const { code, err } = await ended;
    expect({ code, last: err.split("\n").at(-2) }).toEqual({
      code: 1,
      last: "sopsloop: interrupted (SIGINT); the tree is as it was",
    });
    expect(Array.from({ length: FILES }, (_, index) => repository.read(pathOf(index)))).toEqual(before);
    expect(repository.status()).toBe("");
    expect(temporary()).toEqual([]);
  });
});
