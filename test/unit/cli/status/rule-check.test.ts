import { describe, expect, test } from "vitest";
import { checkRule } from "../../../../cli/status/rule-check";
import { configs, encrypted, KEY, OTHER_KEY, recipient } from "./sample";

const found = (changes: Parameters<typeof encrypted>[1], rule?: string) =>
  checkRule(encrypted("a.yaml", changes), configs(rule)).map(({ check, message }) => `${check}: ${message}`);

describe("a file against its rule", () => {
  test("as its rule would make it: nothing", () => {
    expect(found({})).toEqual([]);
    const recipients = [recipient("age", "age1a"), recipient("hc_vault", KEY, "1")];
    expect(found({ recipients }, `{age: age1a, hc_vault_transit_uri: "${KEY}"}`)).toEqual([]);
  });

  test("recipients that it lacks, and that it has too many", () => {
    const recipients = [recipient("hc_vault", OTHER_KEY, "1")];
    expect(found({ recipients }, `{age: age1a, hc_vault_transit_uri: "${KEY}"}`)).toEqual([
      `wrong-recipients: lacks age1a, ${KEY}; has ${OTHER_KEY} too many (.sops.yaml:2); run sops updatekeys a.yaml`,
    ]);
  });

  test("a pinned Azure version counts, a version that the rule leaves open does not", () => {
    const recipients = [recipient("azure_kv", "https://v.vault.azure.net/keys/n", "01")];
    expect(found({ recipients }, "{azure_keyvault: https://v.vault.azure.net/keys/n}")).toEqual([]);
    expect(found({ recipients }, "{azure_keyvault: https://v.vault.azure.net/keys/n/02}").join()).toMatch(
      /lacks \S+\/n\/02; has \S+\/n\/01 too many/,
    );
  });

  test("the role is part of an AWS key", () => {
    const plain = recipient("kms", "arn:a");
    const rule = "{kms: 'arn:a+arn:role'}";
    expect(found({ recipients: [plain] }, rule)).toHaveLength(1);
    expect(found({ recipients: [{ ...plain, fields: { role: "arn:role" } }] }, rule)).toEqual([]);
  });

  test("groups are compared by their position", () => {
    const recipients = [recipient("age", "a", undefined, 0), recipient("age", "b", undefined, 1)];
    const rule = (one: string, two: string) => `{key_groups: [{age: [${one}]}, {age: [${two}]}]}`;
    expect(found({ recipients, shamirThreshold: 2 }, rule("a", "b"))).toEqual([]);
    expect(found({ recipients, shamirThreshold: 2 }, rule("b", "a")).join()).toContain(
      "lacks in group 1 b; has in group 1 a too many; lacks in group 2 a; has in group 2 b too many",
    );
    expect(found({ recipients, shamirThreshold: 2 }, "{age: 'a,b'}").join()).toContain("wrong-recipients");
  });

  test("the threshold", () => {
    const recipients = [recipient("age", "a", undefined, 0), recipient("age", "b", undefined, 1)];
    const rule = "{shamir_threshold: 1, key_groups: [{age: [a]}, {age: [b]}]}";
    expect(found({ recipients, shamirThreshold: 1 }, rule)).toEqual([]);
    expect(found({ recipients, shamirThreshold: 2 }, rule)).toEqual([
      "wrong-threshold: threshold 2 instead of 1 (.sops.yaml:2); sops never changes it in place: sops decrypt -i, then sops encrypt -i",
    ]);
  });

  test("settings that sops has frozen", () => {
    const rule = `{hc_vault_transit_uri: "${KEY}", encrypted_regex: ^data$, mac_only_encrypted: true}`;
    expect(
      found({ selector: { name: "encrypted_regex", value: "^data$" }, macOnlyEncrypted: true }, rule),
    ).toEqual([]);
    expect(found({}, rule)).toEqual([
      expect.stringMatching(
        /^wrong-settings: frozen with unencrypted_suffix _unencrypted, the rule has encrypted_regex \^data\$/,
      ),
      expect.stringMatching(/^wrong-settings: frozen with mac_only_encrypted false, the rule has true/),
    ]);
  });

  test("no rule", () => {
    expect(found({}, "{path_regex: ^b, age: a}").join()).toMatch(
      /^no-rule: no rule of \.sops\.yaml matches it/,
    );
    expect(checkRule(encrypted("a.yaml"), configs(undefined, "x/.sops.yaml"))[0]?.message).toMatch(
      /^there is no \.sops\.yaml/,
    );
  });
});
