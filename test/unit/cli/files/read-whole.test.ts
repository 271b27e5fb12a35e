import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readWhole } from "../../../../cli/files/read-whole";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-read-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @param size what the caller believes it to be. */
function read(content: string, size: number): string {
  const path = join(folder, "file");
  writeFileSync(path, content);
  const file = openSync(path, "r");
  try {
    return readWhole(file, size).toString("utf8");
  } finally {
    closeSync(file);
  }
}

test.each([
  ["as large as it was said to be", "0123456789", 10],
  ["empty", "", 0],
  ["that has grown", "0123456789".repeat(50_000), 10],
  ["that has shrunk", "0123", 10],
  ["larger than the buffers that Node shares", "0123456789".repeat(50_000), 500_000],
])("a file %s is read to its end", (_what, content, size) => {
  expect(read(content, size)).toBe(content);
});
