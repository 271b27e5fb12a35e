import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(__dirname, "..", "..", "..", "..");
const ROW = /^\| (\d+) \| .* \| ((?:`test\/[^`]+`(?:, )?)+) \|$/gm;

const rows = [...readFileSync(join(ROOT, "docs", "relay.md"), "utf8").matchAll(ROW)].map(
  ([, number = "", files = ""]) => ({
    number: Number(number),
    files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file),
  }),
);

describe("the list of requirements in docs/relay.md", () => {
  test("has all of them", () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  test.each(rows.flatMap(({ number, files }) => files.map((file) => [number, file] as const)))(
    "%i. has a test by its number in %s",
    (number, file) => {
      const named = new RegExp(`["\`(]${number}\\. \\S`);
      expect(named.test(readFileSync(join(ROOT, file), "utf8"))).toBe(true);
    },
  );
});
