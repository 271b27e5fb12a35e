import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { version } from "../../../package.json";

const CHECKOUT = join(__dirname, "..", "..", "..");
/** What the sources of the command are in, and what says how they are built. */
const PACKAGE = [
  "cli",
  "components",
  "policies",
  "relay",
  "runtime",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];
/** The user of the relay's pod, and of many an image. */
const NOBODY = 65_532;
const OTHER = version.replaceAll(/\d/g, "9");

let folder: string;
const inside = (path: string) => join(folder, path);

/** The package as an image has it: installed and called once by its builder. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-image-"));
  chmodSync(folder, 0o755);
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", ...PACKAGE],
    {
      cwd: CHECKOUT,
      encoding: "utf8",
    },
  );
  for (const file of listed.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(inside(file)), { recursive: true });
    cpSync(join(CHECKOUT, file), inside(file));
  }
  symlinkSync(join(CHECKOUT, "node_modules"), inside("node_modules"));
  expect(sopsloop("--version")).toEqual(SAID);
});
afterEach(() => {
  for (const path of folders(folder)) chmodSync(path, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

const SAID = { stdout: `${version}\n`, stderr: "", status: 0 };

function sopsloop(word: string, uid?: number) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [inside("cli/launcher/sopsloop.cjs"), word],
    {
      cwd: folder,
      encoding: "utf8",
      ...(uid !== undefined && { uid, gid: uid }),
    },
  );
  return { stdout, stderr, status };
}

function folders(path: string): string[] {
  const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [path, ...below.flatMap(({ name }) => folders(join(path, name)))];
}

/** As a pulled image is in a pod: times in whole seconds, nothing to be written, and another user where root would be asked for nothing. */
function pulled(): number | undefined {
  for (const path of folders(folder)) {
    for (const entry of readdirSync(path, { withFileTypes: true }).filter((one) => one.isFile())) {
      const file = join(path, entry.name);
      const seconds = Math.floor(statSync(file).mtimeMs / 1_000);
      utimesSync(file, seconds, seconds);
    }
    chmodSync(path, statSync(path).mode & 0o555);
  }
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** All that lies in the folder of bundles. */
const kept = () =>
  existsSync(inside("dist")) ? folders(inside("dist")).flatMap((path) => [path, ...readdirSync(path)]) : [];

/** What the bundle is made from changes, by no character more or less. */
function anotherVersion(): void {
  const file = inside("package.json");
  writeFileSync(file, readFileSync(file, "utf8").replace(`"version": "${version}"`, `"version": "${OTHER}"`));
}

/** A bundler that would be noticed. */
function withoutBundler(): void {
  rmSync(inside("node_modules"));
  mkdirSync(inside("node_modules/esbuild"), { recursive: true });
  writeFileSync(inside("node_modules/esbuild/index.js"), "throw new Error('the bundler was asked for');");
}

describe("in a pulled image, whose layers keep whole seconds and which cannot be written to,", () => {
  test("the bundle of its build runs", () => {
    withoutBundler();
    const uid = pulled();
    expect(sopsloop("--version", uid)).toEqual(SAID);
    expect(sopsloop("status", uid)).toEqual({
      stdout: "",
      stderr: expect.stringContaining("no git work tree"),
      status: 2,
    });
  });

  test.each([
    ["another than the sources'", () => anotherVersion(), OTHER],
    ["of no record", () => rmSync(inside("dist/cli/inputs.json")), version],
    ["not there", () => rmSync(inside("dist"), { recursive: true }), version],
  ])("a bundle that is %s is made for each run, and kept nowhere", (_, change, told) => {
    change();
    const before = kept();
    const uid = pulled();
    for (const _run of [1, 2]) expect(sopsloop("--version", uid)).toEqual({ ...SAID, stdout: `${told}\n` });
    expect(kept()).toEqual(before);
  });
});

test("where it can be written to, an edit of the same length is seen by the next start, and kept", () => {
  anotherVersion();
  expect(sopsloop("--version")).toEqual({ ...SAID, stdout: `${OTHER}\n` });
  withoutBundler();
  expect(sopsloop("--version")).toEqual({ ...SAID, stdout: `${OTHER}\n` });
});
