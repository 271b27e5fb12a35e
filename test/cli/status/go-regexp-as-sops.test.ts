import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { SopsConfig } from "../../../cli/rules/sops-config";

/** Public halves of two new age keys: which of them sops encrypts for tells which rule it took. */
function newRecipient(): string {
  const printed = execFileSync("age-keygen", { stdio: "pipe" }).toString("utf8");
  return /public key: (\S+)/.exec(printed)?.[1] ?? "";
}

const PATHS = [
  "a.yaml",
  "apps/prod/b.sops.yaml",
  "apps/DEV/ü-7.yaml",
  "x/]y{2}.yaml",
  "a b/c_d.yaml",
  "secret1.yaml",
];

describe("the rule that sops itself takes", () => {
  let folder: string;
  let matching: string;
  let other: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sopsloop-rules-"));
    writeFileSync(join(folder, "plain.yaml"), "a: b\n");
    matching = newRecipient();
    other = newRecipient();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const sops = (path: string) =>
    spawnSync("sops", ["encrypt", "--filename-override", path, "plain.yaml"], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
      encoding: "utf8",
    });

  test.each([
    "\\.sops\\.ya?ml$",
    "^apps/(prod|dev)/",
    "(?i)^APPS/dev/",
    "(?i:apps)/DEV",
    "^[[:alpha:]]+\\.yaml$",
    "[]{]",
    "[^\\w./-]",
    "\\{2\\}|\\Qb.sops\\E",
    "x{2",
    "\\pL-\\d",
    "\\p{Latin}-7",
    "^\\S+ \\S+$",
    "\\bsecret\\B",
    "^.{6}$|^[a-b](?P<rest>.*)c_d",
    "(a|b)*?\\.yaml\\z",
    "^\\x61\\.|\\103",
    "",
  ])("%j", (pattern) => {
    const rules = [{ path_regex: pattern, age: matching }, { age: other }];
    const text = stringify({ creation_rules: rules });
    writeFileSync(join(folder, ".sops.yaml"), text);
    const config = new SopsConfig(text);
    expect(config.problems).toEqual([]);
    for (const path of PATHS) {
      const { status, stdout, stderr } = sops(path);
      expect([path, status, stderr]).toEqual([path, 0, ""]);
      const took = stdout.includes(matching) ? matching : other;
      expect([path, config.ruleFor(path)?.groups[0]?.[0]?.key]).toEqual([path, took]);
    }
  });

  test.each([
    "(?=a)",
    "(?<!a)b",
    "(a)\\1",
    "a**",
    "a{1001}",
    "[b-a]",
    "(",
    "\\Z",
    "\\pX",
    "(?P<a b>x)",
    "x{2}{3}*",
  ])("%j is refused by both", (pattern) => {
    const text = stringify({ creation_rules: [{ path_regex: pattern, age: matching }] });
    writeFileSync(join(folder, ".sops.yaml"), text);
    expect(sops("a.yaml").status).not.toBe(0);
    expect(new SopsConfig(text).problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^sops refuses this path_regex: /),
    ]);
  });
});
