import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Context } from "../../../../cli/verify/probe";
import { keysIn, sopsConfig } from "../../../../cli/verify/probes/sops-config";

const KEY = "https://vault.example.com:8200/v1/transit/keys/sops";

test.each([
  [`creation_rules:\n  - hc_vault_transit_uri: ${KEY}\n`, [KEY]],
  [
    `creation_rules:\n  - hc_vault_transit_uri: "${KEY},https://b/v1/t/keys/k"\n`,
    [KEY, "https://b/v1/t/keys/k"],
  ],
  [`creation_rules:\n  - key_groups:\n      - hc_vault: ['${KEY}']\n`, [KEY]],
  [`# ${KEY}\ncreation_rules:\n  - age: age1x # as long as ${KEY} is away\n`, []],
  [`a: ${KEY}\nb: ${KEY}\n`, [KEY]],
])("keys in %j", (text, keys) => {
  expect(keysIn(text)).toEqual(keys);
});

describe("what is committed against what is declared", () => {
  let folder: string;
  const declared = `creation_rules:\n  - path_regex: x\n    hc_vault_transit_uri: ${KEY}\n`;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sopsloop-config-"));
    git("init", "--quiet", "--initial-branch=main");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", "-C", folder, ...words]);
  const seen = (text: string) => {
    writeFileSync(join(folder, ".sops.yaml"), text);
    git("add", "-A");
    git("commit", "--quiet", "--message=x");
    const none = { write: () => true };
    const io = {
      stdout: none,
      stderr: none,
      env: { PATH: process.env.PATH },
      cwd: folder,
      isTerminal: false,
    };
    const decryption = [{ source: folder, branch: "main" }];
    const context = { declared: { vaultTransitUri: KEY, sopsConfig: declared, audit: { decryption } } };
    return sopsConfig(io).run(context as unknown as Context);
  };

  test("the same in another form", async () => {
    expect(await seen(`# ours\n${declared}`)).toBe(KEY);
  });

  test.each([
    [
      "a recipient more",
      `${declared}    age: age1mallory\n`,
      /it names age age1mallory, which is not declared$/,
    ],
    [
      "a rule more",
      `${declared}  - age: age1mallory\n`,
      /age1mallory.*; line 4: a rule for every file is not declared$/,
    ],
    [
      "less encrypted",
      `${declared}    encrypted_regex: ^a$\n`,
      /line 2: encrypted_regex is \^a\$, declared is/,
    ],
    ["another key", declared.replace("sops", "other"), /, not https:.*character for character$/],
  ])("%s", async (_what, text, why) => {
    await expect(seen(text)).rejects.toMatchObject({
      message: expect.stringMatching(why),
      next: expect.stringContaining("pulumi stack output sopsConfig > .sops.yaml"),
    });
  });
});
