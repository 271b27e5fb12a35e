import { CORE_SCHEMA, load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { plainYaml } from "../../../../cli/chart/mapping/plain-yaml";

const known = (text: string) => load(text, { schema: CORE_SCHEMA });

describe("a file in the plain layout", () => {
  test.each([
    [
      "secrets:\n  - name: a\n    keys:\n      one: ONE\n      two.three: TWO\n  - name: b\n    keys:\n      x-y: Z\n",
    ],
    ["secrets:\n- name: a\n  keys:\n    one: ONE\n- name: b\nother: c\n"],
    ["# a remark\n\na:\n  b:\n    c: d\n  e: f\n\n# another\ng: h\n"],
    ["a:\n  - b:\n      - c: d\n        e: f\n      - c: g\n    h: i\n  - b: j\n"],
    ["a:\nb: c\nd:\n"],
    ["a: b.c/d-e_f"],
  ])("%j is read as the library reads it", (text) => {
    expect(plainYaml(text)).toEqual(known(text));
  });
});

describe("left to the library", () => {
  test.each([
    ["", "nothing at all"],
    ["# only a remark\n", "nothing at all"],
    ["a: 1\n", "a number"],
    ["a: true\n", "a truth value"],
    ["a: Null\n", "a null"],
    ["a: 'b'\n", "quotes"],
    ["a: { b: c }\n", "flow style"],
    ["a: &x b\n", "an anchor"],
    ["a: b # c\n", "a remark behind a value"],
    ["a:  b\n", "two blanks"],
    ["a: b \n", "a blank at the end"],
    ["a: b\r\n", "another line end"],
    ["a:\tb\n", "a tab"],
    ["---\na: b\n", "a marked document"],
    ["a: b\na: c\n", "a key that comes twice"],
    ["a:\n  - b\n", "a list of texts"],
    ["- a: b\n", "a list at the top"],
    ["  a: b\n", "an indented beginning"],
    ["a: b\n  c: d\n", "an indent under a value"],
    ["a:\n    b: c\n  d: e\n", "an indent between two"],
    ["a: b\n  more\n", "a value of two lines"],
    ["a: |\n  b\n", "a block of text"],
    ["<<: b\n", "a merge"],
    ["__proto__: b\n", "a name of JavaScript's own"],
    ["? a\n: b\n", "an explicit key"],
  ])("%j: %s", (text) => {
    expect(plainYaml(text)).toBeUndefined();
  });
});

test("whatever lines come together, it is read as the library reads it, or not at all", () => {
  let state = 7;
  const next = (below: number) => {
    state = (state * 48271) % 0x7fffffff;
    return state % below;
  };
  const words = ["a", "b", "c.d", "e-f", "null", "a: b", "#x", "", "'q'", "7", "_g", "~", "- h"];
  let read = 0;
  for (let round = 0; round < 40_000; round++) {
    const lines = Array.from({ length: 1 + next(7) }, () => {
      const dash = next(4) === 0 ? "- " : "";
      const value = next(3) === 0 ? "" : ` ${words[next(words.length)]}`;
      const indent = " ".repeat(2 * next(4) + (next(12) === 0 ? 1 : 0));
      return `${indent}${dash}${words[next(5)]}:${value}`;
    });
    const text = `${lines.join("\n")}\n`;
    const own = plainYaml(text);
    if (own === undefined) continue;
    read++;
    expect([text, own]).toEqual([text, known(text)]);
  }
  expect(read).toBeGreaterThan(500);
});
