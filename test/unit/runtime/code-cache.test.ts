import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const RUNTIME = join(__dirname, "..", "..", "..", "runtime", "code-cache.cjs");
const BUNDLE = "main-ABCDEF12.cjs";
const SOURCE = `
const { add } = require("./own.cjs");
function answer() { return add(40, 2); }
console.log(answer(), __filename.endsWith("${BUNDLE}"), process.argv.slice(2).join());
process.exitCode = Number(process.env.CODE ?? 0);`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-cache-"));
  writeFileSync(join(folder, "own.cjs"), "exports.add = (one, other) => one + other;");
  writeFileSync(join(folder, BUNDLE), SOURCE);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the bundle in a process of its own, as the launcher does. */
function run(use: string, { bundle = BUNDLE, env = {} }: { bundle?: string; env?: NodeJS.ProcessEnv } = {}) {
  const options = JSON.stringify({ file: join(folder, bundle), use });
  const launcher = join(folder, "launcher.cjs");
  writeFileSync(launcher, `require(${JSON.stringify(RUNTIME)}).runCached(${options})`);
  const { stdout, stderr, status } = spawnSync(process.execPath, [launcher, "word"], {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { stdout, stderr, status };
}

const RIGHT = { stdout: "42 true word\n", stderr: "", status: 0 };
const caches = () => readdirSync(folder).filter((name) => name.includes(".cache"));
const inode = (name: string) => statSync(join(folder, name)).ino;

test("the first run of a use leaves a cache, which the next one takes and leaves alone", () => {
  expect(run("status")).toEqual(RIGHT);
  expect(caches()).toEqual([`${BUNDLE}.status.cache`]);
  const before = inode(`${BUNDLE}.status.cache`);
  expect(run("status")).toEqual(RIGHT);
  expect(inode(`${BUNDLE}.status.cache`)).toBe(before);
  expect(run("rewrap")).toEqual(RIGHT);
  expect(caches()).toEqual([`${BUNDLE}.rewrap.cache`, `${BUNDLE}.status.cache`]);
});

test.each([
  ["cut short", (cache: Buffer) => cache.subarray(0, cache.length / 2)],
  ["empty", () => Buffer.alloc(0)],
  ["damaged", (cache: Buffer) => Buffer.concat([cache.subarray(0, -9), Buffer.alloc(9, 7)])],
  // What is right by its sum, but not for this V8: its first words are version and flags.
  [
    "of another version of Node",
    (cache: Buffer) => {
      const code = Buffer.concat([cache.subarray(32, 36), Buffer.alloc(8), cache.subarray(44)]);
      return Buffer.concat([createHash("sha256").update(code).digest(), code]);
    },
  ],
])("a cache that is %s is made anew", (_what, harm) => {
  run("status");
  const file = join(folder, `${BUNDLE}.status.cache`);
  const harmed = harm(readFileSync(file));
  writeFileSync(file, harmed);
  expect(run("status")).toEqual(RIGHT);
  expect(readFileSync(file).equals(harmed)).toBe(false);
});

test("a bundle of the same length under its own hash does not run another one's code", () => {
  run("status");
  const other = "main-ABCDEF13.cjs";
  writeFileSync(join(folder, other), SOURCE.replace("add(40, 2)", "add(50, 2)").replace(BUNDLE, other));
  expect(run("status", { bundle: other }).stdout).toBe("52 true word\n");
});

test("a name without a hash is refused: V8 would take one bundle's code for another's of the same length", () => {
  writeFileSync(join(folder, "main.cjs"), SOURCE);
  const { stdout, stderr, status } = run("status", { bundle: "main.cjs" });
  expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
  expect(stderr).toContain("cannot have a code cache");
});

test.each(["", "--help", "../escape", "Status", "a".repeat(30)])("there is no cache for %j", (use) => {
  expect(run(use)).toEqual(RIGHT);
  expect(caches()).toEqual([]);
});

test("there is none of a run with wrong usage, while one that has found something keeps its own", () => {
  expect(run("statsu", { env: { CODE: "2" } }).status).toBe(2);
  expect(caches()).toEqual([]);
  expect(run("status", { env: { CODE: "1" } }).status).toBe(1);
  expect(caches()).toHaveLength(1);
});

test("where none can be kept, it goes without and leaves nothing", () => {
  const inTheWay = `${BUNDLE}.status.cache`;
  mkdirSync(join(folder, inTheWay));
  expect(run("status")).toEqual(RIGHT);
  expect(caches()).toEqual([inTheWay]);
});

test("letters beyond ASCII stay what they are, without a cache and with one", () => {
  writeFileSync(join(folder, BUNDLE), `${SOURCE}\nconsole.log(String.raw\`a · b → ü\`);`);
  for (let time = 0; time < 2; time++)
    expect(run("audit")).toEqual({ ...RIGHT, stdout: `${RIGHT.stdout}a · b → ü\n` });
});
