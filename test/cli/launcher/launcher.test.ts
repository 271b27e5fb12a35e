import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { version } from "../../../package.json";

const CHECKOUT = join(__dirname, "..", "..", "..");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-launcher-"));
  symlinkSync(join(CHECKOUT, "cli", "launcher", "sopsloop.cjs"), join(folder, "sopsloop"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the command runs from any folder, through a link as on PATH", async () => {
  const { stdout, stderr } = await promisify(execFile)(join(folder, "sopsloop"), ["--version"], {
    cwd: folder,
  });
  expect({ stdout, stderr }).toEqual({ stdout: `${version}\n`, stderr: "" });
});

test("npx finds it in the checkout", async () => {
  const { stdout } = await promisify(execFile)("npx", ["--no-install", "sopsloop", "--version"], {
    cwd: CHECKOUT,
  });
  expect(stdout).toBe(`${version}\n`);
});

test("wrong usage and failures come out as exit codes", async () => {
  const failed = promisify(execFile)(join(folder, "sopsloop"), ["status"], { cwd: folder });
  await expect(failed).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("no git work tree"),
  });
});
