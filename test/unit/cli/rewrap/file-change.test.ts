import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_DIFF, withChange } from "../../../../cli/rewrap/file-change";

describe("withChange", () => {
  test.each([
    ["a\nb\nc\n", "a\nB\nc\n", 1, 2],
    ["a\nb\nc\n", "A\nb\nC\n", 2, 4],
    ["a\nb\nc", "a\nb\nlonger", 1, 7],
    ["one line", "one lane", 1, 9],
    ["a\r\nb\r\n", "a\r\nbb\r\n", 1, 4],
    ["a\nb\n", "a\nx\ny\nb\n", 3, 6],
  ])("%j to %j: %i lines, %i bytes", (before, after, lines, bytes) => {
    expect(withChange(NO_DIFF, before, after)).toEqual({ files: 1, lines, bytes });
  });

  test("sums up", () => {
    expect(withChange({ files: 2, lines: 3, bytes: 40 }, "a\n", "b\n")).toEqual({
      files: 3,
      lines: 4,
      bytes: 42,
    });
  });

  test("counts as a comparison line by line does, wherever no line is added", () => {
    const line = fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 4 });
    const lines = fc.array(fc.tuple(line, line), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, (pairs) => {
        const [before, after] = [pairs.map(([old]) => old), pairs.map(([, fresh]) => fresh)];
        fc.pre(before.join("\n") !== after.join("\n"));
        const expected = after.filter((text, index) => text !== before[index]);
        const { lines, bytes } = withChange(NO_DIFF, before.join("\n"), after.join("\n"));
        expect(lines).toBe(expected.length);
        expect(bytes).toBe(expected.reduce((sum, text) => sum + text.length + 1, 0));
      }),
    );
  });
});
