import { readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BuiltCommand, type Exit } from "./support/built-command";
import { gitIsDone } from "./support/git-is-done";
import { ManyFiles } from "./support/many-files";
import { SopsVault } from "./support/sops-vault";

const FILES = 500;
const KILLS = 200;
/** Kills between two runs that are left alone: one that begins where another was killed is killed as well. */
const IN_A_ROW = 8;
/** Kills while it commits and pushes. */
const ROUNDS = 12;

/** Waits for all of them before it fails: one that is still at work would disturb the next test. */
async function allDone<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

describe(`a rewrap of ${FILES} files`, () => {
  let vault: SopsVault;
  let command: BuiltCommand;
  let lanes: ManyFiles[];

  beforeAll(async () => {
    vault = await SopsVault.start();
    command = await BuiltCommand.build();
    // Two at a time, since most of a run is one process waiting.
    lanes = await Promise.all(["one", "two"].map((key) => ManyFiles.create(vault, key, command, FILES)));
  });
  afterAll(async () => {
    for (const { repository } of lanes) repository.remove();
    command.remove();
    await vault.stop();
  });

  async function killedOften(many: ManyFiles, wanted: number): Promise<{ kills: number; halfway: number }> {
    await many.rotate();
    const length = await many.lengthOf();
    let [kills, halfway] = [0, 0];
    while (kills < wanted) {
      const version = await many.rotate();
      for (let attempt = 0; attempt < IN_A_ROW && kills < wanted; attempt++) {
        if (!(await many.killed(length, attempt % 2 === 0 ? "writing" : "whole"))) break;
        kills++;
        const done = many.wholeFiles(version);
        if (done > 0 && done < FILES) halfway++;
      }
      expect(await many.run()).toMatchObject({ code: 0 });
      expect(many.wholeFiles(version)).toBe(FILES);
      expect(many.temporary()).toEqual([]);
    }
    const [[first = ""] = []] = many.paths();
    expect(many.repository.decrypt(first)).toContain("alpha-seed-0");
    expect(many.repository.git("rev-parse", "HEAD")).toBe(many.repository.git("rev-parse", "origin/main"));
    return { kills, halfway };
  }

  test(`killed at ${KILLS} moments leaves no torn file, and the next run completes it`, async () => {
    const counts = await allDone(lanes.map((many) => killedOften(many, KILLS / lanes.length)));
    const sum = (name: "kills" | "halfway") => counts.reduce((total, each) => total + each[name], 0);
    expect(sum("kills")).toBe(KILLS);
    console.log(`${KILLS} kills, ${sum("halfway")} of them with some files in place and others not`);
  }, 300_000);

  async function killedPushing(many: ManyFiles): Promise<void> {
    const { repository } = many;
    const upstream = () => repository.git("ls-remote", "origin", "refs/heads/main").split("\t")[0] ?? "";
    await many.rotate();
    const length = await many.lengthOf(["--push"]);
    for (let round = 0; round < ROUNDS / lanes.length; round++) {
      const version = await many.rotate();
      const before = upstream();
      await many.killed(length, round % 2 === 0 ? "writing" : "whole", ["--push"]);
      await gitIsDone(repository.folder, repository.remote);
      const pushed = upstream();
      if (pushed !== before)
        expect(repository.git("diff", "--name-only", before, pushed).split("\n")).toHaveLength(FILES);
      expect(await many.run(["--push"])).toMatchObject({ code: 0 });
      expect(many.wholeFiles(version)).toBe(FILES);
      expect(repository.status()).toBe("");
      expect(upstream()).toBe(repository.git("rev-parse", "HEAD"));
      expect(repository.git("rev-list", "--count", `${before}..HEAD`)).toBe("1");
    }
  }

  test("killed while it commits and pushes, it has pushed all or nothing, and the next run completes it", async () => {
    await allDone(lanes.map(killedPushing));
  }, 180_000);

  test("killed while it takes over from another one, it leaves word of what that one has left", async () => {
    const [many] = lanes;
    if (!many) throw new Error("no files");
    // No lock at all: the dead one's was removed, and the next was not yet there.
    for (const name of ["leftovers", "999999999", "999999999.new"])
      writeFileSync(join(many.repository.folder, ".git", `sopsloop.lock.${name}`), "");
    const [[path = ""] = []] = many.paths();
    const folder = dirname(join(many.repository.folder, path));
    writeFileSync(join(folder, ".sopsloop-1-0.new.tmp"), "");
    expect(await many.run()).toMatchObject({ code: 0 });
    expect(many.temporary()).toEqual([]);
    const inGit = readdirSync(join(many.repository.folder, ".git"));
    expect(inGit.filter((name) => name.startsWith("sopsloop"))).toEqual([]);
  });

  /** Again when it had written everything before the signal came: there is little time in between. */
  async function signalled(
    many: ManyFiles,
    name: NodeJS.Signals,
    tries = 5,
  ): Promise<Exit & { readonly before: unknown }> {
    many.repository.git("checkout", "--quiet", ".");
    await many.rotate();
    const before = many.contents();
    const exit = await many.signalled(name);
    const late = exit.code === 0 || exit.signal !== null;
    return late && tries > 1 ? signalled(many, name, tries - 1) : { before, ...exit };
  }

  test.each(["SIGINT", "SIGTERM"] as const)("on %s it puts everything back", async (signal) => {
    const [many] = lanes;
    if (!many) throw new Error("no files");
    const { before, code, err } = await signalled(many, signal);
    expect({ code, last: err.split("\n").at(-2) }).toEqual({
      code: 1,
      last: `sopsloop: interrupted (${signal}); the tree is as it was`,
    });
    expect(many.contents()).toEqual(before);
    expect(many.repository.status()).toBe("");
    expect(many.temporary()).toEqual([]);
  });
});
