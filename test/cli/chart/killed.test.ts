import type { ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { BuiltCommand, type Exit, exitOf } from "../rewrap/support/built-command";
import { gitIsDone } from "../rewrap/support/git-is-done";
import { SopsVault } from "../rewrap/support/sops-vault";
import { ChartProject, INTO } from "./support/chart-project";

const SECRETS = 12;
const KILLS = 24;
/** What a run says when it begins a step; a kill falls between this and the end. */
const STEPS = ["", "Encrypting", "Writing"] as const;

describe(`a chart with ${SECRETS} Secrets, all of them changed`, () => {
  let vault: SopsVault;
  let command: BuiltCommand;
  let project: ChartProject;

  beforeAll(async () => {
    vault = await SopsVault.start();
    command = await BuiltCommand.build();
  });
  afterAll(async () => {
    command.remove();
    await vault.stop();
  });
  beforeEach(async () => {
    project = await ChartProject.create(vault);
    project.write(
      "secrets.yaml",
      `secrets:\n${names.map((name) => `  - name: ${name}\n    keys: { value: VALUE }\n`).join("")}`,
    );
    return () => project.remove();
  });

  const names = Array.from({ length: SECRETS }, (_, index) => `secret-${index}`);
  const files = [...names.map((name) => `secrets/${name}.sops.yaml`), "chart.yaml"];
  const upstream = () => project.deploy.git("ls-remote", "origin", "refs/heads/main").split("\t")[0] ?? "";

  function start(version: number, words: readonly string[]): ChildProcess {
    project.write("version.yaml", `message: version-${version}\n`);
    const into = `--into=${project.deploy.folder}/${INTO}`;
    return command.call(
      [
        "chart",
        "chart",
        "--mapping=secrets.yaml",
        into,
        "--namespace=shop",
        "--values=version.yaml",
        ...words,
      ],
      { cwd: project.folder, env: { ...project.env, VALUE: `value-${version}` } },
    );
  }

  const run = (version: number, words: readonly string[]): Promise<Exit> => exitOf(start(version, words));

  function said(child: ChildProcess, step: string): Promise<void> {
    return new Promise((resolve) => {
      if (step === "") resolve();
      child.stderr?.on("data", (part: Buffer) => part.includes(step) && resolve());
      child.once("exit", () => resolve());
    });
  }

  /** Ends a run at any moment after it has begun a step. */
  async function killed(version: number, words: readonly string[], round: number): Promise<void> {
    const child = start(version, words);
    const ended = exitOf(child);
    await said(child, STEPS[round % STEPS.length] ?? "");
    await sleep(Math.random() * (round % STEPS.length === 2 ? 60 : 400));
    child.kill("SIGKILL");
    await ended;
    await gitIsDone(project.deploy.folder, project.deploy.remote);
  }

  /** Of which version each file is. @throws for one that is not whole. */
  function versions(): number[] {
    return files.map((file) => {
      const text =
        file === "chart.yaml"
          ? String(parse(project.deploy.read(project.path(file))).data.message)
          : String(project.values(file).value);
      expect(text).toMatch(/^(value|version)-\d+$/);
      return Number(text.split("-")[1]);
    });
  }

  const temporary = () =>
    ["", "secrets"].flatMap((folder) =>
      readdirSync(join(project.deploy.folder, INTO, folder)).filter((name) => name.endsWith(".tmp")),
    );

  test(`killed at ${KILLS} moments leaves no torn file, and the next run completes it`, async () => {
    expect(await run(0, ["--commit"])).toMatchObject({ code: 0 });
    for (let round = 1; round <= KILLS; round++) {
      await killed(round, [], round);
      for (const version of versions()) expect(version).toBeLessThanOrEqual(round);
      if (round % 4 !== 0) continue;
      expect(await run(round, ["--commit"])).toMatchObject({ code: 0 });
      expect(versions()).toEqual(files.map(() => round));
      expect([temporary(), project.deploy.status()]).toEqual([[], ""]);
    }
  });

  test("killed while it commits and pushes, it has pushed all or nothing, and the next run completes it", async () => {
    expect(await run(0, ["--push"])).toMatchObject({ code: 0 });
    for (let round = 1; round <= KILLS / 2; round++) {
      const before = upstream();
      await killed(round, ["--push"], round);
      const pushed = upstream();
      if (pushed !== before)
        expect(project.deploy.git("diff", "--name-only", before, pushed).split("\n")).toHaveLength(
          files.length,
        );
      expect(await run(round, ["--push"])).toMatchObject({ code: 0 });
      expect(versions()).toEqual(files.map(() => round));
      expect([temporary(), project.deploy.status()]).toEqual([[], ""]);
      expect(upstream()).toBe(project.deploy.git("rev-parse", "HEAD"));
      expect(project.deploy.git("rev-list", "--count", `${before}..HEAD`)).toBe("1");
    }
  });

  test.each(["SIGINT", "SIGTERM"] as const)("on %s everything is as it was", async (signal) => {
    expect(await run(0, ["--push"])).toMatchObject({ code: 0 });
    const before = upstream();
    for (const step of ["Encrypting", "Writing"]) {
      const child = start(1, ["--commit"]);
      const ended = exitOf(child);
      await said(child, step);
      child.kill(signal);
      const { code, signal: by } = await ended;
      // Until it writes, nothing has to be put back; and what comes in while git commits is too late.
      if (code === 0) project.deploy.git("reset", "--quiet", "--hard", before);
      else expect([code, by]).toEqual(by === null ? [1, null] : [null, signal]);
      expect(versions()).toEqual(files.map(() => 0));
      expect([temporary(), project.deploy.status()]).toEqual([[], ""]);
    }
  });

  test.each([
    ["SIGINT", "Encrypting"],
    ["SIGTERM", "Encrypting"],
    ...Array.from({ length: 6 }, () => ["SIGINT", "Writing"] as const),
    ...Array.from({ length: 6 }, () => ["SIGTERM", "Writing"] as const),
  ] as const)("on %s while it says %s a clone is taken away", async (signal, step) => {
    const folder = join(project.folder, "tmp");
    mkdirSync(folder);
    const words = ["chart", "chart", "--mapping=secrets.yaml", `--into=${INTO}`, "--namespace=shop"];
    const child = command.call([...words, `--repository=${project.deploy.remote}`], {
      cwd: project.folder,
      env: { ...project.env, VALUE: "value-1", TMPDIR: folder },
    });
    const ended = exitOf(child);
    await said(child, step);
    // It may be over already, where the machine gives this process no time.
    if (child.exitCode === null && child.signalCode === null) expect(readdirSync(folder)).toHaveLength(1);
    // While it writes, commits, pushes, or clears up.
    if (step === "Writing") await sleep(Math.random() * 200);
    child.kill(signal);
    const { code, signal: by, err } = await ended;
    // What comes in once it has pushed is too late.
    if (step === "Writing" && code === 0)
      expect(upstream()).not.toBe(project.deploy.git("rev-parse", "HEAD"));
    else expect({ by, err }).toEqual({ by: signal, err: expect.not.stringContaining("sopsloop: ") });
    expect(readdirSync(folder, { recursive: true })).toEqual([]);
    if (step === "Encrypting") expect(upstream()).toBe(project.deploy.git("rev-parse", "HEAD"));
  });
});
