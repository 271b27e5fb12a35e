import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WorkTree } from "../../../cli/git/work-tree";
import { CommitSource } from "../../../cli/tree/commit-source";

let folder: string;
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t.invalid", ...args], { cwd: folder });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-commit-"));
  git("init", "--quiet");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a commit's files are read as they were committed, whatever is checked out, in any number at once", async () => {
  const binary = Buffer.from([0, 10, 255, 10]);
  writeFileSync(join(folder, "with space\nand line.yaml"), "old\n");
  writeFileSync(join(folder, "empty"), "");
  writeFileSync(join(folder, "binary"), binary);
  writeFileSync(join(folder, "large"), "x".repeat(300_000));
  symlinkSync("empty", join(folder, "link"));
  git("add", "-A");
  git("commit", "--quiet", "-m", "one");
  writeFileSync(join(folder, "with space\nand line.yaml"), "new\n");
  git("commit", "--quiet", "-am", "two");

  const tree = await WorkTree.at(folder);
  const source = await CommitSource.of(tree, (await tree.commitOf("HEAD~1")) ?? "", process.env);
  try {
    expect([...source.files].sort()).toEqual(["binary", "empty", "large", "with space\nand line.yaml"]);
    expect(source.skipped).toEqual([{ path: "link", why: "a symbolic link" }]);
    const contents = await Promise.all(
      ["with space\nand line.yaml", "empty", "binary", "large"].map((path) => source.read(path)),
    );
    expect(contents.map((content) => content?.length)).toEqual([4, 0, 4, 300_000]);
    expect(contents[0]?.toString()).toBe("old\n");
    expect(contents[2]?.equals(binary)).toBe(true);
    expect(await source.read("no such file")).toBeUndefined();
  } finally {
    source.close();
  }
});
