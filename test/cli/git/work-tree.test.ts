import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { WorkTree } from "../../../cli/git/work-tree";
import { PLAIN_GIT } from "../../../sandbox/servers/environment";
import { temporaryFolders } from "../../servers/temporary-folder";

const ODD = [
  "-dash",
  ":(top)x",
  "*",
  "[a]",
  "a",
  "back\\slash",
  "quote\"'",
  "sub/dir/ü.txt",
  "sub/line\nbreak",
  "sub/tab\there",
  "with space ",
];

describe("a work tree", () => {
  const temporary = temporaryFolders();
  let root: string;
  let env: Record<string, string | undefined>;
  const git = (...words: string[]) =>
    execFileSync("git", words, { cwd: root, env, stdio: "pipe" }).toString("utf8").trimEnd();
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const tree = (paths: string[] = [], cwd = root) => WorkTree.of(cwd, paths, env);

  beforeEach(() => {
    root = realpathSync(temporary());
    const author = {
      GIT_AUTHOR_NAME: "t",
      GIT_AUTHOR_EMAIL: "t@t",
      GIT_COMMITTER_NAME: "t",
      GIT_COMMITTER_EMAIL: "t@t",
    };
    env = { PATH: process.env.PATH, HOME: root, ...PLAIN_GIT, ...author };
    git("init", "--quiet", "--initial-branch=main");
    for (const path of ODD) write(path, "1\n");
    git("add", "--all");
    git("commit", "--quiet", "-m", "Files");
  });

  test("lists tracked files under any name, and only those", async () => {
    write("untracked", "");
    const found = await tree();
    expect(found.root).toBe(root);
    expect([...(await found.trackedFiles())].sort()).toEqual([...ODD].sort());
  });

  test("takes paths literally, relative to where it is called", async () => {
    const all = await tree([], join(root, "sub"));
    expect(await all.trackedFiles(["dir"])).toEqual(["sub/dir/ü.txt"]);
    expect(await (await tree()).trackedFiles(["*"])).toEqual(["*"]);
    expect(await (await tree()).trackedFiles(["[a]", "-dash"])).toEqual(["-dash", "[a]"]);
    const elsewhere = await tree([join(root, "sub")], "/");
    expect(elsewhere.root).toBe(root);
    expect(await elsewhere.trackedFiles([join(root, "sub")])).toHaveLength(3);
  });

  test("knows links from files, and leaves submodules out", async () => {
    symlinkSync("a", join(root, "link"));
    write("inner/file", "x");
    const inner = { cwd: join(root, "inner"), env, stdio: "pipe" as const };
    execFileSync("git", ["init", "--quiet"], inner);
    execFileSync("git", ["add", "."], inner);
    execFileSync("git", ["commit", "--quiet", "-m", "x"], inner);
    git("-c", "advice.addEmbeddedRepo=false", "add", "--all");
    const { files, links } = await (await tree()).tracked();
    expect(links).toEqual(["link"]);
    expect([...files].sort()).toEqual([...ODD].sort());
  });

  test.each([
    [["nowhere"], "nowhere: no such file or folder"],
    [["a", "untracked"], "untracked: holds no file that git tracks; git add it first"],
    [["a", "/"], "/: lies outside of the work tree"],
  ])("refuses %j", async (paths, line) => {
    write("untracked", "");
    await expect(async () => (await tree(paths)).tracked(paths)).rejects.toThrow(line);
  });

  test("a folder without git, and one of somebody else, are told", async () => {
    const plain = temporary();
    await expect(WorkTree.at(plain, env)).rejects.toThrow(
      `${plain}: no git work tree; run sopsloop in a checkout, or name a path in one`,
    );
    await expect(WorkTree.at(join(root, ".git"), env)).rejects.toThrow("no git work tree");
    const foreign = { ...env, GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" };
    await expect(WorkTree.at(root, foreign)).rejects.toThrow(
      `${root}: its checkout belongs to another user; if you trust it: git config --global --add safe.directory '${root}'`,
    );
  });

  test("tells changes on disk from staged ones, and leaves untracked files out", async () => {
    write("untracked", "");
    write("a", "2\n");
    write("sub/line\nbreak", "2\n");
    git("add", "sub/line\nbreak");
    rmSync(join(root, "*"));
    chmodSync(join(root, "-dash"), 0o755);
    const changes = await (await tree()).changes();
    expect([...changes].sort((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
      { path: "*", staged: false },
      { path: "-dash", staged: false },
      { path: "a", staged: false },
      { path: "sub/line\nbreak", staged: true },
    ]);
    expect(await (await tree()).isDirty(["a"])).toBe(true);
    expect(await (await tree()).isDirty(["[a]"])).toBe(false);
  });

  test("commits the named files and nothing else", async () => {
    for (const path of ODD) write(path, "2\n");
    const chosen = ODD.filter((path) => path !== "a");
    const found = await tree();
    const id = await found.commit("Some\n\nof them", chosen);
    expect(id).toBe(await found.head());
    expect(git("status", "--porcelain")).toBe(" M a");
    expect(git("log", "-1", "--format=%B")).toBe("Some\n\nof them");
  });

  test("a hook that refuses is heard", async () => {
    writeFileSync(join(root, ".git/hooks/pre-commit"), "#!/bin/sh\necho 'error: no' >&2; exit 1\n", {
      mode: 0o755,
    });
    write("a", "2\n");
    await expect(async () => (await tree()).commit("x", ["a"])).rejects.toThrow(
      `git commit failed in ${root}: error: no`,
    );
  });

  test("moves to a commit, and never over changes that nobody has committed", async () => {
    const found = await tree();
    const first = (await found.head()) ?? "";
    write("a", "2\n");
    const second = await found.commit("Second", ["a"]);
    write("-dash", "mine\n");
    await found.resetTo(first);
    expect([await found.head(), readFileSync(join(root, "-dash"), "utf8")]).toEqual([first, "mine\n"]);
    write("a", "mine\n");
    await expect(found.resetTo(second)).rejects.toThrow("git reset failed");
    expect([await found.head(), readFileSync(join(root, "a"), "utf8")]).toEqual([first, "mine\n"]);
  });

  test("variables of a hook do not lead it to another repository", async () => {
    const other = temporary();
    execFileSync("git", ["init", "--quiet", other], { env });
    const misled = {
      ...env,
      GIT_DIR: join(other, ".git"),
      GIT_INDEX_FILE: join(other, "index"),
      GIT_WORK_TREE: other,
    };
    const found = await WorkTree.at(root, misled);
    expect(found.root).toBe(root);
    expect(await found.trackedFiles()).toHaveLength(ODD.length);
  });

  test("a name that is not UTF-8 is told, since it cannot be told apart", async () => {
    const name = Buffer.from([0x62, 0xff, 0x64]);
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), "x");
    git("add", "--all");
    await expect(async () => (await tree()).tracked()).rejects.toThrow(
      '"b\ufffdd": its name is not UTF-8; rename it (git mv)',
    );
  });
});
