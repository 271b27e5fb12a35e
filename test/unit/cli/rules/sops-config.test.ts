import { describe, expect, test } from "vitest";
import { SopsConfig } from "../../../../cli/rules/sops-config";
import { SopsConfigs } from "../../../../cli/rules/sops-configs";

const VAULT = "https://vault.example:8200/v1/transit/keys/sops";

/** A config of one rule, given by its fields. */
function oneRule(...fields: string[]): SopsConfig {
  return new SopsConfig(`creation_rules:\n  - ${fields.join("\n    ")}\n`);
}

describe("creation rules", () => {
  test("the first that matches is the only one that counts", () => {
    const config = new SopsConfig(`
creation_rules:
  - path_regex: ^prod/
    age: age1prod
  - path_regex: \\.yaml$
    age: age1yaml
  - age: age1rest
`);
    const keyOf = (path: string) => config.ruleFor(path)?.groups[0]?.map(({ key }) => key);
    expect(keyOf("prod/a.yaml")).toEqual(["age1prod"]);
    expect(keyOf("dev/a.yaml")).toEqual(["age1yaml"]);
    expect(keyOf("dev/a.env")).toEqual(["age1rest"]);
    expect(config.ruleFor("prod/a.yaml")?.line).toBe(3);
    expect(config.problems).toEqual([]);
  });

  test("flat keys are one text with commas, or a list", () => {
    const text = oneRule(
      `hc_vault_transit_uri: "${VAULT}, https://other:8200/v1/team/a/keys/k,"`,
      "age: [age1a, age1b]",
      "azure_keyvault: https://v.vault.azure.net/keys/n/0123,https://v.vault.azure.net/keys/m",
      'kms: "arn:aws:kms:eu-1:1:key/a+arn:aws:iam::1:role/r, arn:aws:kms:eu-1:1:key/b"',
      "gcp_kms: projects/p/locations/l/keyRings/r/cryptoKeys/k",
      'pgp: "85D7 7543 B3D6 24B6 3CEA 9E6D BC17 301B 491B 3F21"',
      "hckms: [eu-1:abc]",
    );
    expect(text.problems).toEqual([]);
    expect(text.ruleFor("x")?.groups).toEqual([
      [
        { kind: "age", key: "age1a" },
        { kind: "age", key: "age1b" },
        { kind: "pgp", key: "85D77543B3D624B63CEA9E6DBC17301B491B3F21" },
        { kind: "kms", key: "arn:aws:kms:eu-1:1:key/a", role: "arn:aws:iam::1:role/r" },
        { kind: "kms", key: "arn:aws:kms:eu-1:1:key/b" },
        { kind: "gcp_kms", key: "projects/p/locations/l/keyRings/r/cryptoKeys/k" },
        { kind: "hckms", key: "eu-1:abc" },
        { kind: "azure_kv", key: "https://v.vault.azure.net/keys/n", version: "0123" },
        { kind: "azure_kv", key: "https://v.vault.azure.net/keys/m" },
        { kind: "hc_vault", key: VAULT },
        { kind: "hc_vault", key: "https://other:8200/v1/team/a/keys/k" },
      ],
    ]);
  });

  test("key groups, with merged ones and anchors", () => {
    const config = new SopsConfig(`
keys:
  - &anna age1anna
creation_rules:
  - shamir_threshold: 2
    key_groups:
      - merge:
          - age: [*anna]
          - hc_vault: ["${VAULT}"]
        age: [age1anna]
      - azure_keyvault:
          - {vaultUrl: https://v.vault.azure.net, key: n, version: "01"}
        kms:
          - {arn: arn:aws:kms:eu-1:1:key/a, role: arn:r}
        gcp_kms:
          - resource_id: projects/p
      - pgp: [AB]
`);
    expect(config.problems).toEqual([]);
    expect(config.ruleFor("x")).toMatchObject({
      shamirThreshold: 2,
      groups: [
        [
          { kind: "age", key: "age1anna" },
          { kind: "hc_vault", key: VAULT },
        ],
        [
          { kind: "kms", key: "arn:aws:kms:eu-1:1:key/a", role: "arn:r" },
          { kind: "gcp_kms", key: "projects/p" },
          { kind: "azure_kv", key: "https://v.vault.azure.net/keys/n", version: "01" },
        ],
        [{ kind: "pgp", key: "AB" }],
      ],
    });
  });

  test("what a rule does not say is as sops has it", () => {
    expect(oneRule("age: a").ruleFor("x")).toMatchObject({
      selector: { name: "unencrypted_suffix", value: "_unencrypted" },
      macOnlyEncrypted: false,
      shamirThreshold: 1,
    });
    expect(
      oneRule("age: a", "encrypted_regex: ^data$", "mac_only_encrypted: yes").ruleFor("x"),
    ).toMatchObject({
      selector: { name: "encrypted_regex", value: "^data$" },
      macOnlyEncrypted: true,
    });
  });

  test.each([
    [["age: a", "hc_vault_uris: x"], 3, /hc_vault_uris and ignores it; did you mean hc_vault_transit_uri\?/],
    [["age: a", "encrypted_regexp: x"], 3, /did you mean encrypted_regex\?/],
    [["age: a", "zzzzzzzzzzzz: x"], 3, /sops does not know zzzzzzzzzzzz and ignores it$/],
    [
      ["age: a", "path_regex: (?!x)"],
      3,
      /refuses this path_regex: invalid or unsupported Perl syntax: \(\?!/,
    ],
    [["age: a", "encrypted_regex: '('"], 3, /refuses this encrypted_regex: missing closing \)/],
    [
      ["age: a", "encrypted_regex: a", "encrypted_suffix: b"],
      4,
      /encrypted_regex and encrypted_suffix in one rule/,
    ],
    [["path_regex: a"], 2, /names no key/],
    [["hc_vault_transit_uri: vault/keys/a"], 2, /no address of a Vault key/],
    [["hc_vault_transit_uri: https://v/x/v1/transit/keys/a"], 2, /a path before \/v1/],
    [["azure_keyvault: https://v.vault.azure.net//keys/a"], 2, /no address of an Azure key/],
    [["age: {a: b}"], 2, /age has to be a text or a list/],
    [["age: a", "shamir_threshold: two"], 3, /has to be a whole number/],
    [["key_groups: [{age: [a]}]", "age: b"], 3, /age beside key_groups is ignored/],
    [["key_groups: [{vault: [a]}]"], 2, /in a key group and ignores it; did you mean hc_vault\?/],
    [["key_groups: [{age: [a]}, {age: [b]}]", "shamir_threshold: 3"], 3, /but there are 2 groups/],
    [
      ["key_groups: [{azure_keyvault: [{vaultUrl: 'https://v.vault.azure.net/', key: n}]}]"],
      2,
      /ends in a slash/,
    ],
  ])("%j is told at line %d", (fields, line, message) => {
    const told = oneRule(...fields).problems.filter((problem) => message.test(problem.message));
    expect(told.map((problem) => problem.line)).toEqual([line]);
  });

  test.each([
    ["creation_rules: [", "not YAML"],
    ["creation_rule:\n  - age: a\n", "did you mean creation_rules?"],
    ["stores: {}\n", "no creation_rules"],
    ["a: *nobody\n", "not YAML"],
    ["", "no creation_rules"],
  ])("%j is told, and is no rule", (text, message) => {
    const config = new SopsConfig(text);
    expect(config.problems.map((problem) => problem.message).join()).toContain(message);
    expect(config.ruleFor("x")).toBeUndefined();
  });
});

describe("several configs", () => {
  const configs = new SopsConfigs(
    new Map([
      [".sops.yaml", "creation_rules: [{path_regex: '^apps/', age: root}]"],
      ["apps/dev/.sops.yaml", "creation_rules: [{path_regex: '^a\\.yaml$', age: dev}]"],
    ]),
  );
  const keyOf = (path: string) => configs.ruleFor(path)?.rule.groups[0]?.[0]?.key;

  test("the nearest above a file counts, and sees its path from there", () => {
    expect(keyOf("apps/prod/x/a.yaml")).toBe("root");
    expect(keyOf("apps/dev/a.yaml")).toBe("dev");
    expect(configs.ruleFor("apps/dev/a.yaml")).toMatchObject({
      config: "apps/dev/.sops.yaml",
      path: "a.yaml",
    });
  });

  test("one that has no rule for a file does not hand it on", () => {
    expect(keyOf("apps/dev/sub/a.yaml")).toBeUndefined();
    expect(configs.configFor("apps/dev/sub/a.yaml")).toBe("apps/dev/.sops.yaml");
    expect(keyOf("other/a.yaml")).toBeUndefined();
    expect(new SopsConfigs(new Map()).configFor("a/b")).toBeUndefined();
  });
});
