import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEnvFile } from "../../../../cli/chart/values/env-file";

const valuesOf = (text: string) => {
  const { variables, problems } = readEnvFile("local.env", text);
  expect(problems).toEqual([]);
  return Object.fromEntries([...variables].map(([name, { value }]) => [name, value]));
};

describe("an env file", () => {
  test.each([
    ["A=one", { A: "one" }],
    ["export A=one\nB = two\r\n", { A: "one", B: "two" }],
    ["\ufeff# remark\n\n  A='it is $HOME #1'  # why\n", { A: "it is $HOME #1" }],
    ['A="two\nlines\\n\\"three\\" \\$x \\t\\\\"', { A: 'two\nlines\n"three" $x \t\\' }],
    ["A=\nB=''\nC=\"\"", { A: "", B: "", C: "" }],
    ["URL=postgres://u:p@h:5432/db?a=b&c=d,e;f", { URL: "postgres://u:p@h:5432/db?a=b&c=d,e;f" }],
  ])("%j", (text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  test.each([
    ["A=two words", "local.env:1: A holds a space"],
    ["\nA=half#secret", "local.env:2: A holds a space"],
    ["A=$HOME", "local.env:1: A holds a space"],
    ["A=one'two'", "local.env:1: A holds a space"],
    ["A='not closed\nB=1\n", "local.env:1: A holds a space"],
    ["A='one\ntwo'\nB", "local.env:3: no NAME=value"],
    ["2A=1", "local.env:1: no NAME=value"],
    ["A=1\nA=2", "local.env:2: A is set at line 1 already"],
  ])("%j is refused with its line", (text, problem) => {
    expect(readEnvFile("local.env", text).problems).toEqual([expect.stringContaining(problem)]);
  });

  test("a problem never holds a value", () => {
    const { problems } = readEnvFile("local.env", "A=hunter2 and more\nhunter2\nB='hunter2");
    expect(problems).toHaveLength(3);
    expect(problems.join("\n")).not.toContain("hunter2");
  });

  test("any text in single quotes without one comes through as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const value = text.replaceAll("'", "");
        expect(valuesOf(`A='${value}'\n`)).toEqual({ A: value });
      }),
    );
  });
});
