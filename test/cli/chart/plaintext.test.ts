import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BuiltCommand, type Exit, exitOf } from "../rewrap/support/built-command";
import { SopsVault } from "../rewrap/support/sops-vault";
import { ChartProject, INTO, VALUES } from "./support/chart-project";
import { WatchedTools } from "./support/watched-tools";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Parts of the values that stand nowhere else, plain and as a Secret has them. */
const CANARIES = [
  VALUES.DB_USER,
  base64(VALUES.DB_USER),
  VALUES.DB_PASSWORD,
  base64(VALUES.DB_PASSWORD),
  VALUES.KEYSTORE,
  "line-one-90ce",
  base64(VALUES.TLS_CERT),
  "private-line-5d02",
  base64(VALUES.TLS_KEY),
];

describe("no value of a Secret in plain text", () => {
  let vault: SopsVault;
  let command: BuiltCommand;
  let project: ChartProject;
  let tools: WatchedTools;
  let temporary: string;
  let home: string;

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
    const own = mkdtempSync(join(tmpdir(), "sopsloop-own-"));
    [temporary, home] = [join(own, "tmp"), join(own, "home")];
    for (const folder of [temporary, home]) mkdirSync(folder);
    tools = WatchedTools.create(CANARIES, [own, project.folder, project.deploy.folder]);
    return () => {
      project.remove();
      tools.remove();
      rmSync(own, { recursive: true, force: true });
    };
  });

  const env = () => ({
    ...project.env,
    HOME: home,
    TMPDIR: temporary,
    PATH: `${tools.path}:${project.env.PATH}`,
  });
  const start = (words: readonly string[]) =>
    command.call(
      ["chart", "chart", "--mapping=secrets.yaml", "--release=shop", "--namespace=shop", ...words],
      { cwd: project.folder, env: env() },
    );
  const into = () => `--into=${project.deploy.folder}/${INTO}`;

  /** Files of a folder that hold a canary, and git's objects, which are compressed. */
  function held(folder: string): string[] {
    const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = files.map((entry) => join(entry.parentPath, entry.name));
    return paths.filter((file) => hasCanary(readFileSync(file)));
  }

  const hasCanary = (bytes: Buffer | string) => CANARIES.some((canary) => bytes.includes(canary));

  function expectNoTrace({ out, err }: Pick<Exit, "out" | "err">): void {
    expect(tools.log).toMatch(/^called helm$/m);
    expect(CANARIES.filter((canary) => tools.log.includes(canary))).toEqual([]);
    expect(tools.found).toBe("");
    expect(CANARIES.filter((canary) => `${out}${err}`.includes(canary))).toEqual([]);
    expect(
      [project.folder, project.deploy.folder, project.deploy.remote, home, temporary].flatMap(held),
    ).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
    for (const folder of [project.deploy.folder, project.deploy.remote]) {
      const objects = execFileSync("git", ["cat-file", "--batch-all-objects", "--batch"], { cwd: folder });
      expect([folder, hasCanary(objects)]).toEqual([folder, false]);
    }
  }

  test("on any disk, in any argument or environment of a tool, in any output or git object", async () => {
    project.write("prod.dhall", '{ message = "from Dhall" }');
    const ran = await exitOf(start([into(), "--values=prod.dhall", "--push"]));
    expect(ran).toMatchObject({ code: 0, err: "Encrypting 2 Secrets\nWriting 4 files\n" });
    expect([tools.calls("helm"), tools.calls("dhall"), tools.calls("sops")]).toEqual([1, 1, 2]);
    expectNoTrace(ran);
    // The scans themselves work: who may decrypt finds them, and a file that holds one is found while tools are at work.
    expect(hasCanary(project.deploy.decrypt(project.path("secrets/database.sops.yaml")))).toBe(true);
    project.write("left-behind.txt", VALUES.DB_USER);
    await exitOf(start([into(), "--dry-run"]));
    expect(tools.found).toContain("left-behind.txt");
    expect(held(project.folder)).toEqual([join(project.folder, "left-behind.txt")]);
  });

  test("nor in a clone of its own, which is gone afterwards", async () => {
    const ran = await exitOf(start([`--into=${INTO}`, `--repository=${project.deploy.remote}`]));
    expect(ran).toMatchObject({ code: 0, err: "Encrypting 2 Secrets\nWriting 4 files\n" });
    expectNoTrace(ran);
  });

  test("nor where sops fails after it has read a Secret", async () => {
    tools.replace("sops", "cat > /dev/null; echo 'the key server is away' >&2; exit 128");
    const ran = await exitOf(start([into(), "--push"]));
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/secrets\/.*: sops encrypt failed \(exit 128\): the key server is away\n$/);
    expectNoTrace(ran);
    expect(project.deploy.status()).toBe("");
  });

  test("nor where sops tells all that it was given", async () => {
    tools.replace("sops", "cat >&2; exit 1");
    const ran = await exitOf(start([into(), "--push"]));
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(
      /secrets\/.*: sops encrypt failed \(exit 1\): apiVersion: v1 kind: Secret .*…\n$/,
    );
    expectNoTrace(ran);
  });

  test("nor where sops gives back what it was given: nothing is written", async () => {
    tools.replace("sops", "cat");
    const ran = await exitOf(start([into(), "--push"]));
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/what sops made of it is not right: is no sops file\n$/);
    expectNoTrace(ran);
    expect(project.deploy.status()).toBe("");
  });

  test("nor where helm or git fails", async () => {
    const hook = ".git/hooks/pre-commit";
    project.deploy.write(hook, "#!/bin/sh\nexit 1\n");
    project.deploy.makeExecutable(hook);
    const refused = await exitOf(start([into(), "--push"]));
    expect(refused.code).toBe(1);
    expectNoTrace(refused);
    project.write("chart/templates/broken.yaml", '{{ fail "broken" }}');
    const broken = await exitOf(start([into(), "--push"]));
    expect(broken.code).toBe(1);
    expectNoTrace(broken);
  });

  test("nor where it is killed while sops is at work", async () => {
    tools.replace("sops", "exec sleep 2");
    const child = start([into(), "--push"]);
    const ended = exitOf(child);
    while (tools.calls("sops") < 2) await sleep(20);
    child.kill("SIGKILL");
    const ran = await ended;
    expect(ran.signal).toBe("SIGKILL");
    expectNoTrace(ran);
    expect(project.deploy.status()).toBe("");
  });
});
