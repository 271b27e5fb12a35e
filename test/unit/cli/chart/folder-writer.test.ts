import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { FolderWriter } from "../../../../cli/chart/folder/folder-writer";

describe("writing a folder", () => {
  let root: string;
  let writer: FolderWriter;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sopsloop-writer-"));
    writer = new FolderWriter(root);
    return () => rmSync(root, { recursive: true, force: true });
  });

  function put(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  /** Every file with its text, and every empty folder. */
  function tree(): Record<string, string | null> {
    const entries = readdirSync(root, { withFileTypes: true, recursive: true });
    return Object.fromEntries(
      entries.flatMap((entry): [string, string | null][] => {
        const path = join(entry.parentPath, entry.name);
        const name = path.slice(root.length + 1);
        if (entry.isFile()) return [[name, readFileSync(path, "utf8")]];
        return readdirSync(path).length === 0 ? [[name, null]] : [];
      }),
    );
  }

  const CHANGES = [
    { path: "a/b/new.yaml", after: "new" },
    { path: "a/c/new.yaml", after: "new" },
    { path: "d/changed.yaml", before: "old", after: "changed" },
    { path: "e/f/gone.yaml", before: "gone" },
  ];

  function begin(): Record<string, string | null> {
    put("d/changed.yaml", "old");
    put("e/f/gone.yaml", "gone");
    return tree();
  }

  test("adds, changes and removes, with folders that become empty", () => {
    begin();
    chmodSync(join(root, "d/changed.yaml"), 0o640);
    writer.write(CHANGES);
    writer.keep();
    expect(tree()).toEqual({ "a/b/new.yaml": "new", "a/c/new.yaml": "new", "d/changed.yaml": "changed" });
    expect(existsSync(join(root, "e"))).toBe(false);
    expect(statSync(join(root, "d/changed.yaml")).mode & 0o777).toBe(0o640);
  });

  test("takes all of it back", () => {
    const before = begin();
    writer.write(CHANGES);
    writer.undo();
    expect(tree()).toEqual(before);
    expect(readdirSync(root).sort()).toEqual(["d", "e"]);
  });

  test.each([
    ["changed", "d/changed.yaml", "theirs"],
    ["added", "a/c/new.yaml", "theirs"],
    ["changed what goes", "e/f/gone.yaml", "theirs"],
  ])("a file that somebody has %s meanwhile stops it, and everything is as it was", (_, path, text) => {
    begin();
    put(path, text);
    const before = tree();
    expect(() => writer.write(CHANGES)).toThrow(
      `${path}: somebody has written to it meanwhile; run this again`,
    );
    expect(tree()).toEqual(before);
  });

  test("a folder that cannot be made stops it with the file's name", () => {
    begin();
    put("a", "a file");
    const before = tree();
    expect(() => writer.write(CHANGES)).toThrow(
      /^a\/b\/new\.yaml: cannot be written \((EEXIST|ENOTDIR)\); nothing was changed$/,
    );
    expect(tree()).toEqual(before);
  });

  test("a file that cannot be renamed into place stops it, and nothing is left beside the others", () => {
    begin();
    const before = tree();
    mkdirSync(join(root, "d/taken.yaml"));
    expect(() => writer.write([...CHANGES, { path: "d/taken.yaml", after: "new" }])).toThrow(
      /^d\/taken\.yaml: /,
    );
    expect(tree()).toEqual({ ...before, "d/taken.yaml": null });
  });
});
