import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

interface Input {
  readonly file: string;
  readonly size: number;
  readonly changed: number | null;
  readonly sum: string;
}

const { inputsOf, unchanged } = require("../../../runtime/inputs.cjs") as {
  readonly inputsOf: (root: string, files: readonly string[], started: number) => Input[];
  readonly unchanged: (root: string, inputs: readonly Input[]) => Input[] | undefined;
};

const FILE = "key.ts";
/** Seconds since 1970, a while ago. */
const THEN = 1_700_000_000.25;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-inputs-"));
  write("one", THEN);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(text: string, time?: number): void {
  writeFileSync(join(folder, FILE), text);
  if (time !== undefined) touch(time);
}

const touch = (time: number) => utimesSync(join(folder, FILE), time, time);
const inputs = (started = Date.now()) => inputsOf(folder, [FILE], started);

test("a file that nobody has touched is not read again", () => {
  const known = inputs();
  expect(unchanged(folder, known)).toEqual(known);
  // What only a reader would notice.
  write("two", THEN);
  expect(unchanged(folder, known)).toEqual(known);
});

test("another time alone, as of an image's layers or a switch of branches, is no change, and is known from then on", () => {
  const known = inputs();
  touch(Math.floor(THEN));
  const [input] = unchanged(folder, known) ?? [];
  expect(input).toEqual({ ...known[0], changed: Math.floor(THEN) * 1_000 });
});

test.each([
  ["of the same second and length", "two", THEN + 0.5],
  ["of the same length at a whole second", "two", Math.floor(THEN)],
  ["of another length at the same time", "three", THEN],
])("an edit %s is a change", (_, text, time) => {
  const known = inputs();
  write(text, time);
  expect(unchanged(folder, known)).toBeUndefined();
});

test("a file that was just written is read again, for some file systems count whole seconds", () => {
  // Younger than any wait of this test could make old.
  const time = Math.floor(Date.now() / 1_000) + 3_600;
  write("two", time);
  const known = inputs();
  expect(unchanged(folder, known)).toEqual(known);
  write("six", time);
  expect(unchanged(folder, known)).toBeUndefined();
});

test("a file that was edited while it was bundled counts as changed", () => {
  const started = Date.now() - 1_000;
  write("two");
  expect(unchanged(folder, inputs(started))).toBeUndefined();
});

test("a file that is gone is told", () => {
  const known = inputs();
  rmSync(join(folder, FILE));
  expect(() => unchanged(folder, known)).toThrow("ENOENT");
});
