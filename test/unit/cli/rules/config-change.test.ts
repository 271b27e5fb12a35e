import { expect, test } from "vitest";
import { configChange, toldChange } from "../../../../cli/rules/config-change";

const VAULT = "https://vault.example.com:8200/v1/transit/keys/sops";
const AZURE = "https://kv-one.vault.azure.net/keys/sops";
const RULE = {
  path_regex: "\\.sops\\.yaml$",
  encrypted_regex: "^(data|stringData)$",
  mac_only_encrypted: true,
  hc_vault_transit_uri: VAULT,
  azure_keyvault: AZURE,
};
const config = (...rules: object[]) => JSON.stringify({ creation_rules: rules });
const DECLARED = config(RULE);
const told = (text: string | undefined) => {
  const change = configChange(DECLARED, text);
  return change && toldChange(change);
};

test.each([
  ["the same text", DECLARED],
  ["another form", `# ours\n${JSON.stringify(JSON.parse(DECLARED), undefined, 2)}`],
  [
    "keys as a group",
    config({
      ...RULE,
      hc_vault_transit_uri: undefined,
      azure_keyvault: undefined,
      key_groups: [
        { azure_keyvault: [{ vaultUrl: AZURE.replace(/\/keys.*/, ""), key: "sops" }], hc_vault: [VAULT] },
      ],
    }),
  ],
])("%s comes to the same", (_what, text) => {
  expect(told(text)).toBeUndefined();
});

test.each([
  ["an age recipient more", { age: "age1mallory" }, "it names age age1mallory, which is not declared"],
  [
    "another key of the same Vault",
    { hc_vault_transit_uri: `${VAULT},${VAULT}-2` },
    `it names hc_vault ${VAULT}-2, which is not declared`,
  ],
  [
    "another key in Azure's place",
    { azure_keyvault: "https://kv-two.vault.azure.net/keys/sops" },
    `it names azure_kv https://kv-two.vault.azure.net/keys/sops, which is not declared; it does not name azure_kv ${AZURE}`,
  ],
  [
    "a version that is pinned",
    { azure_keyvault: `${AZURE}/0123` },
    `it names azure_kv ${AZURE}/0123, which is not declared; it does not name azure_kv ${AZURE}`,
  ],
  [
    "fewer values encrypted",
    { encrypted_regex: "^data$" },
    "line 1: encrypted_regex is ^data$, declared is encrypted_regex is ^(data|stringData)$",
  ],
  [
    "another selector",
    { encrypted_regex: undefined, encrypted_suffix: "_s" },
    "line 1: encrypted_suffix is _s, declared is encrypted_regex is ^(data|stringData)$",
  ],
  [
    "a MAC over all",
    { mac_only_encrypted: false },
    "line 1: mac_only_encrypted is false, declared is mac_only_encrypted is true",
  ],
])("%s", (_what, change, line) => {
  expect(told(config({ ...RULE, ...change }))).toBe(line);
});

test("keys that both must open", () => {
  const groups = [
    { hc_vault: [VAULT] },
    { azure_keyvault: [{ vaultUrl: "https://kv-one.vault.azure.net", key: "sops" }] },
  ];
  const rule = { ...RULE, hc_vault_transit_uri: undefined, azure_keyvault: undefined, key_groups: groups };
  expect(told(config(rule))).toBe(
    `line 1: keys of 2 of 2 groups (hc_vault ${VAULT} | azure_kv ${AZURE}) open, declared is any of azure_kv ${AZURE}, hc_vault ${VAULT} opens`,
  );
});

test("a rule more, and one that hides the declared one", () => {
  const rule = { path_regex: "^apps/", hc_vault_transit_uri: VAULT, age: "age1mallory" };
  expect(told(config(rule, RULE))).toBe(
    "it names age age1mallory, which is not declared; line 1: a rule for ^apps/ is not declared",
  );
  expect(told(config(RULE, { ...RULE, encrypted_regex: "^x$" }))).toBe(
    "line 1: a rule for \\.sops\\.yaml$ is not declared",
  );
});

test("a rule, or the file, that is gone", () => {
  expect(told(config())).toBe(
    `it does not name azure_kv ${AZURE}, hc_vault ${VAULT}; there is no rule for \\.sops\\.yaml$`,
  );
  expect(told(undefined)).toBe("it is not there");
});

test("the same rules in another order", () => {
  const other = { ...RULE, path_regex: "^other/" };
  const change = configChange(config(RULE, other), config(other, RULE));
  expect(change).toEqual({ added: [], missing: [], others: ["its rules stand in another order"] });
});

test("what sops ignores without a word, and what is no YAML, is told and not taken for the same", () => {
  expect(told(config({ ...RULE, agee: "age1mallory" }))).toBe(
    "line 1: sops does not know agee and ignores it; did you mean age?",
  );
  expect(told("creation_rules: [")).toMatch(/not YAML/);
});
