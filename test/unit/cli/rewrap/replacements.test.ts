import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { Replacements, TEMPORARY } from "../../../../cli/rewrap/replacements";
import { snapshotOf } from "../../../../cli/rewrap/snapshot";
import { temporaryFolders } from "../../../servers/temporary-folder";

const FILES = ["a.yaml", "deep/er/b.yaml", "c d.yaml"];

describe("replacements", () => {
  const folder = temporaryFolders();
  let root: string;
  const file = (path: string) => join(root, path);
  const seen = (path: string) => snapshotOf(lstatSync(file(path)));
  const contents = () => FILES.map((path) => readFileSync(file(path), "latin1"));
  const beside = () =>
    FILES.flatMap((path) => readdirSync(dirname(file(path)))).filter((name) => TEMPORARY.test(name));

  beforeEach(() => {
    root = folder();
    for (const path of FILES) {
      mkdirSync(dirname(file(path)), { recursive: true });
      writeFileSync(file(path), `old ${path} \xff`, "latin1");
    }
  });

  function staged(): Replacements {
    const replacements = new Replacements(root);
    for (const path of FILES) replacements.stage(path, `new ${path} \xfe`, seen(path));
    return replacements;
  }

  test("are all put in place, byte for byte, and leave nothing behind", () => {
    const replacements = staged();
    expect(contents()).toEqual(FILES.map((path) => `old ${path} \xff`));
    expect([replacements.swap(2), replacements.swap(2)]).toEqual([true, false]);
    replacements.finish();
    expect(contents()).toEqual(FILES.map((path) => `new ${path} \xfe`));
    expect(beside()).toEqual([]);
  });

  test.each([0, 1, 2, 3])("are taken back when %i are in place", (done) => {
    const inodes = FILES.map((path) => statSync(file(path)).ino);
    const replacements = staged();
    if (done > 0) replacements.swap(done);
    replacements.undo();
    expect(contents()).toEqual(FILES.map((path) => `old ${path} \xff`));
    expect(FILES.map((path) => statSync(file(path)).ino)).toEqual(inodes);
    expect(beside()).toEqual([]);
  });

  test.each([0o644, 0o600, 0o755, 0o640, 0o664])("keep mode %o", (mode) => {
    for (const path of FILES) chmodSync(file(path), mode);
    const replacements = staged();
    replacements.swap(9);
    replacements.finish();
    expect(FILES.map((path) => statSync(file(path)).mode & 0o7777)).toEqual(FILES.map(() => mode));
  });

  test("stop at a file that somebody wrote to, and are taken back", () => {
    const replacements = staged();
    writeFileSync(file("c d.yaml"), "theirs");
    expect(() => replacements.swap(9)).toThrow(
      "c d.yaml: somebody has written to it meanwhile; run this again",
    );
    replacements.undo();
    expect(contents()).toEqual(["old a.yaml \xff", "old deep/er/b.yaml \xff", "theirs"]);
    expect(beside()).toEqual([]);
  });

  test("name the file whose folder is gone", () => {
    const replacements = new Replacements(root);
    expect(() => replacements.stage("gone/x.yaml", "new", seen("a.yaml"))).toThrow(
      "gone/x.yaml: cannot be written (ENOENT); nothing was changed",
    );
    replacements.undo();
    expect(beside()).toEqual([]);
  });
});
