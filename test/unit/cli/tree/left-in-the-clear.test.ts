import { describe, expect, test } from "vitest";
import { SopsConfigs } from "../../../../cli/rules/sops-configs";
import { leftInTheClear } from "../../../../cli/tree/left-in-the-clear";

function told(path: string, text: string, rule: string): boolean {
  const found = new SopsConfigs(new Map([[".sops.yaml", `creation_rules: [{age: a, ${rule}}]`]])).ruleFor(
    path,
  );
  return found !== undefined && leftInTheClear(found, text);
}

const NAMED = "path_regex: '\\.sops\\.(ya?ml|json|env|ini|bin)$'";
const FOLDER = "path_regex: '^secrets/'";
const TEXTS = "path_regex: '^secrets/.*\\.(txt|asc)$'";
const ENDING = "path_regex: '.*\\.yaml$', encrypted_regex: '^(data|stringData)$'";
const CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n";

describe("a file that its rule would encrypt", () => {
  test.each([
    ["a.sops.yaml", "password: x\n", NAMED, true],
    ["a.sops.json", '{"password": "x"}', NAMED, true],
    ["a.sops.env", "PASSWORD=x\n", NAMED, true],
    ["a.sops.ini", "[a]\npassword = x\n", NAMED, true],
    ["a.sops.bin", "anything", NAMED, true],
    ["a.sops.yaml", CONFIG_MAP, NAMED, true],
    ["secrets/a.txt", "anything", TEXTS, true],
    ["secrets/key.asc", "anything", TEXTS, true],
    ["secrets/a.env", "PASSWORD=x\n", FOLDER, true],
    ["secrets/values.yaml", "password: x\n", FOLDER, true],
    ["a.sops.yaml", "a: b\ndata: {x: y}\n", `${NAMED}, encrypted_regex: ^data$`, true],
    ["a.sops.yaml", "a:\n  - key_secret: y\n", `${NAMED}, encrypted_suffix: _secret`, true],
    ["a.sops.yaml", "a: b # encrypt me\n", `${NAMED}, encrypted_comment_regex: encrypt`, true],
  ])("%s: %j", (path, text, rule, expected) => {
    expect(told(path, text, rule)).toBe(expected);
  });

  test.each([
    ["other names", "b.yaml", "password: x\n", NAMED],
    ["rules for everything", "b.yaml", "password: x\n", "path_regex: '.*'"],
    ["rules without a path", "b.yaml", "password: x\n", "pgp: x"],
    ["Kubernetes objects under a rule for all YAML", "b.yaml", CONFIG_MAP, ENDING],
    ["Kubernetes objects under a rule for a folder", "secrets/b.yaml", CONFIG_MAP, FOLDER],
    ["kustomize's own file", "secrets/kustomization.yaml", "resources: [a]\n", FOLDER],
    ["other YAML without what is selected", "values.yaml", "replicas: 2\n", ENDING],
    ["documents beside secrets", "secrets/README.md", "hello\n", FOLDER],
    ["other texts beside secrets", "secrets/notes.txt", "hello\n", FOLDER],
    ["documents of that ending", "secrets/README.txt", "hello\n", TEXTS],
    ["placeholders", "secrets/.gitkeep", " ", FOLDER],
    ["files without values", "a.sops.yaml", "a: null\n", NAMED],
    ["names left out by suffix", "a.sops.yaml", "a_unencrypted: x\n", NAMED],
    ["names left out by regex", "a.sops.env", "PUBLIC=x\n", `${NAMED}, unencrypted_regex: ^PUBLIC`],
    [
      "comments that select nothing",
      "a.sops.yaml",
      "a: b # c\n",
      `${NAMED}, encrypted_comment_regex: encrypt`,
    ],
  ])("%s are left alone", (_, path, text, rule) => {
    expect(told(path, text, rule)).toBe(false);
  });
});
