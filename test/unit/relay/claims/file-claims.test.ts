import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FileClaims } from "../../../../relay/claims/file-claims";
import { claimContract, someKey, someRecord } from "../support/claim-contract";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-file-claims-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("claims in a folder", () => {
  claimContract(() => new FileClaims(join(folder, "claims")));
});

test("only its owner can read it", async () => {
  const root = join(folder, "private");
  const key = someKey();
  await new FileClaims(root).create(key, someRecord());
  const modes = [root, join(root, key.slice(0, 2), key), join(root, key.slice(0, 2), key, "1")];
  expect(modes.map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o600]);
});

test("what a killed process has left behind is no claim, and is cleared away in the end", async () => {
  const root = join(folder, "killed");
  const store = new FileClaims(root);
  const key = someKey();
  const own = join(root, key.slice(0, 2), key);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, ".new-1"), '{"state":"do');
  writeFileSync(join(root, ".new-2"), "");
  expect(await store.read(key)).toBeUndefined();
  expect(await store.create(key, someRecord())).toBe("1");
  rmSync(join(own, "1"));
  const longAgo = new Date("2020-01-01T00:00:00Z");
  for (const path of [own, join(root, ".new-2")]) utimesSync(path, longAgo, longAgo);
  expect(await store.purge(Date.parse("2021-01-01T00:00:00Z"))).toBe(1);
  expect(readdirSync(root, { recursive: true })).toEqual([key.slice(0, 2)]);
});

test("a file in the folder's place is told", async () => {
  const root = join(folder, "file");
  writeFileSync(root, "");
  await expect(new FileClaims(root).check()).rejects.toThrow(/EEXIST|ENOTDIR/);
  await expect(new FileClaims(root).create(someKey(), someRecord())).rejects.toThrow(/ENOTDIR|EEXIST/);
});
