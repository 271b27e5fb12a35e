import { expect, test } from "vitest";
import { parse } from "yaml";
import { readGroups } from "../../../cli/rules/key-groups";
import { sopsConfigText, transitKeyUri } from "../../../components/sops/sops-config";

const args = {
  pathRegex: "\\.sops\\.ya?ml$",
  encryptedRegex: "^(data|stringData)$",
  macOnlyEncrypted: true,
  vaultTransitUri: "https://vault.example.com:8200/v1/transit/keys/sops",
  azureKeyUrls: [],
  ageRecipients: [],
};

test("renders one rule, with the MAC's scope always said", () => {
  expect(sopsConfigText(args)).toMatchInlineSnapshot(`
    "creation_rules:
      - path_regex: \\.sops\\.ya?ml$
        encrypted_regex: ^(data|stringData)$
        mac_only_encrypted: true
        hc_vault_transit_uri: https://vault.example.com:8200/v1/transit/keys/sops
    "
  `);
  expect(sopsConfigText({ ...args, macOnlyEncrypted: false })).toContain("mac_only_encrypted: false");
});

test("adds every age recipient", () => {
  const text = sopsConfigText({ ...args, ageRecipients: ["age1one", "age1two"] });
  expect(parse(text).creation_rules[0].age).toBe("age1one,age1two");
});

test("keys in Azure stand beside the one in Vault, in one group of which any decrypts", () => {
  const azureKeyUrls = ["https://kv-a.vault.azure.net/keys/sops", "https://kv-b.vault.azure.net/keys/sops"];
  const [rule] = parse(sopsConfigText({ ...args, azureKeyUrls })).creation_rules;
  expect(rule).toEqual({
    path_regex: args.pathRegex,
    encrypted_regex: args.encryptedRegex,
    mac_only_encrypted: true,
    hc_vault_transit_uri: args.vaultTransitUri,
    azure_keyvault: azureKeyUrls.join(","),
  });
  expect(readGroups(rule, () => {})).toEqual([
    [
      { kind: "azure_kv", key: azureKeyUrls[0] },
      { kind: "azure_kv", key: azureKeyUrls[1] },
      { kind: "hc_vault", key: args.vaultTransitUri },
    ],
  ]);
});

test("is YAML 1.2 that reads back as written", () => {
  expect(parse(sopsConfigText(args), { version: "1.2" })).toEqual({
    creation_rules: [
      {
        path_regex: args.pathRegex,
        encrypted_regex: args.encryptedRegex,
        mac_only_encrypted: true,
        hc_vault_transit_uri: args.vaultTransitUri,
      },
    ],
  });
});

test.each([
  [undefined, "transit", "https://v:8200/v1/transit/keys/sops"],
  ["team/a", "kms/transit", "https://v:8200/v1/team/a/kms/transit/keys/sops"],
])("the key's URI in namespace %s on mount %s", (namespace, mount, uri) => {
  expect(transitKeyUri({ address: "https://v:8200", namespace, mount, key: "sops" })).toBe(uri);
});
