import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plainEnvironment } from "../../../../cli/chart/values/plain-environment";

const ROOT = join(__dirname, "..", "..", "..", "..");

const ODD = {
  EMPTY: "",
  EQUALS: "a=b==c",
  LINES: "one\ntwo\r\n",
  LETTERS: "ünï 😀",
  "odd.name": "x",
  "BASH_FUNC_f%%": "() { :; }",
};

test("the process's own environment, as Node has it", () => {
  const module = join(ROOT, "cli", "chart", "values", "plain-environment.ts");
  const code = `const { plainEnvironment } = require(${JSON.stringify(module)});
    const plain = plainEnvironment(process.env);
    console.log(JSON.stringify({ plain, own: { ...process.env }, same: plain === process.env }));`;
  const printed = execFileSync(process.execPath, ["--require", "tsx/cjs", "-e", code], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...ODD },
    encoding: "utf8",
  });
  const { plain, own, same } = JSON.parse(printed);
  expect(plain).toEqual(own);
  expect(plain).toMatchObject(ODD);
  expect(same).toBe(false);
});

test("another is taken as it is", () => {
  expect(plainEnvironment(ODD)).toBe(ODD);
});
