import { expect, test } from "vitest";
import { main } from "../../../cli/program";
import { version } from "../../../package.json";

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const stdout = { write: (text: string) => (out += text) };
  const stderr = { write: (text: string) => (err += text) };
  const code = await main(words, { stdout, stderr, env: {}, cwd: "/", isTerminal: false });
  return { code, out, err };
}

test("help and version are no errors, and help names every command and the exit codes", async () => {
  expect(await run("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
  const { code, out, err } = await run("--help");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  for (const command of ["status", "rewrap", "retire", "verify", "chart", "preview-comment", "audit"])
    expect(out).toMatch(new RegExp(`^  ${command} `, "m"));
  expect(out).toContain("Exit codes: 0 all is well, 1 something was found or failed, 2 wrong usage.");
});

test.each([
  [["statsu"], "sopsloop: unknown command 'statsu'\n(Did you mean status?)\n"],
  [["status", "--jsn"], "sopsloop: unknown option '--jsn'\n(Did you mean --json?)\n"],
  [["retire"], "sopsloop: required option '--ref <refs...>' not specified\n"],
  [["verify", "--stack"], "sopsloop: option '--stack <name>' argument missing\n"],
  [["verify", "surplus"], "sopsloop: too many arguments for 'verify'. Expected 0 arguments but got 1.\n"],
  [["status"], "sopsloop: /: no git work tree; run sopsloop in a checkout, or name a path in one\n"],
  [["rewrap", "/no/such/path"], "sopsloop: /no/such/path: no such file or folder\n"],
  [
    ["verify", "--outputs", "nowhere.json"],
    "sopsloop: --outputs nowhere.json: cannot be read (ENOENT); name a file\n",
  ],
])("wrong usage, %j: one line and exit code 2", async (words, line) => {
  expect(await run(...words)).toEqual({ code: 2, out: "", err: line });
});

test("no command at all: the help, as an error", async () => {
  const { code, out, err } = await run();
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain("Usage: sopsloop");
});
