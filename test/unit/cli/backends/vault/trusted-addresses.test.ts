import { describe, expect, test } from "vitest";
import { vaultsIn } from "../../../../../cli/backends/vault/open-vault-backend";
import { TrustedAddresses } from "../../../../../cli/backends/vault/trusted-addresses";

const OWN = "https://vault.example.com:8200";

function isTrusted(address: string, env: Record<string, string>, configured: string[] = []): boolean {
  return new TrustedAddresses(env, configured).isTrusted(address);
}

describe("the token goes", () => {
  test.each([
    ["to VAULT_ADDR", OWN, { VAULT_ADDR: OWN }, []],
    ["to VAULT_ADDR, however it is written", "https://VAULT.example.com:8200", { VAULT_ADDR: `${OWN}/` }, []],
    [
      "to VAULT_ADDR at the usual port",
      "https://vault.example.com:443",
      { VAULT_ADDR: "https://vault.example.com" },
      [],
    ],
    ["to what .sops.yaml names", OWN, {}, [OWN]],
    ["to a listed address", OWN, { SOPS_HC_VAULT_ALLOWLIST: `https://other, ${OWN}` }, []],
    [
      "to a listed address beside VAULT_ADDR",
      OWN,
      { SOPS_HC_VAULT_ALLOWLIST: OWN, VAULT_ADDR: "https://other" },
      [],
    ],
    ["anywhere with all", "https://foreign", { SOPS_HC_VAULT_ALLOWLIST: "all" }, []],
  ])("%s", (_, address, env, configured) => {
    expect(isTrusted(address, env as Record<string, string>, configured)).toBe(true);
  });
});

describe("the token does not go", () => {
  test.each([
    ["anywhere when nothing is set", OWN, {}, []],
    ["to another address than VAULT_ADDR", "https://evil.example.com", { VAULT_ADDR: OWN }, []],
    [
      "to what .sops.yaml names beside VAULT_ADDR",
      "https://evil.example.com",
      { VAULT_ADDR: OWN },
      ["https://evil.example.com"],
    ],
    ["to another port", "https://vault.example.com:8201", { VAULT_ADDR: OWN }, []],
    ["over plain HTTP", "http://vault.example.com:8200", { VAULT_ADDR: OWN }, []],
    [
      "to a longer host name",
      `https://vault.example.com.evil.com`,
      { SOPS_HC_VAULT_ALLOWLIST: "https://vault.example.com" },
      [],
    ],
    ["to a longer port", `${OWN}1`, { SOPS_HC_VAULT_ALLOWLIST: OWN }, []],
    [
      "to a user name that looks like the host",
      "https://vault.example.com:8200@evil.com",
      { VAULT_ADDR: OWN },
      [],
    ],
    ["anywhere with none", OWN, { SOPS_HC_VAULT_ALLOWLIST: "none", VAULT_ADDR: OWN }, [OWN]],
    ["to what is no address", "vault", { VAULT_ADDR: "vault" }, ["vault"]],
  ])("%s", (_, address, env, configured) => {
    expect(isTrusted(address, env as Record<string, string>, configured)).toBe(false);
  });
});

test.each([
  [
    {},
    "https://foreign:8200: a file names this Vault, but no .sops.yaml of this tree does, and VAULT_ADDR is not set, so the token is not sent there; if it is yours: SOPS_HC_VAULT_ALLOWLIST=https://foreign:8200",
  ],
  [
    { VAULT_ADDR: OWN },
    "https://foreign:8200: a file names this Vault, but VAULT_ADDR is https://vault.example.com:8200, so the token is not sent there; if it is yours: SOPS_HC_VAULT_ALLOWLIST=https://vault.example.com:8200,https://foreign:8200",
  ],
  [
    { SOPS_HC_VAULT_ALLOWLIST: OWN },
    "https://foreign:8200: a file names this Vault, but SOPS_HC_VAULT_ALLOWLIST leaves it out, so the token is not sent there; if it is yours: SOPS_HC_VAULT_ALLOWLIST=https://vault.example.com:8200,https://foreign:8200",
  ],
])("with %j the way out is told", (env, line) => {
  const trusted = new TrustedAddresses(env as Record<string, string>, []);
  expect(() => trusted.require("https://foreign:8200")).toThrow(line);
});

test("the Vaults of a .sops.yaml are found in every form, and not in comments", () => {
  const text = [
    "# hc_vault_transit_uri: https://commented.example:8200/v1/transit/keys/a",
    "creation_rules:",
    "  - hc_vault_transit_uri: https://one.example:8200/v1/transit/keys/a,https://two.example/v1/t/keys/b # https://not.example/v1/x/keys/y",
    '  - hc_vault_transit_uri: ["https://three.example:8200/v1/transit/keys/c"]',
    "  - key_groups: [{hc_vault: [https://four.example:8200/v1/transit/keys/d]}]",
    "  - azure_keyvault: https://five.vault.azure.net/keys/e",
  ].join("\n");
  expect(vaultsIn(text)).toEqual([
    "https://one.example:8200",
    "https://two.example",
    "https://three.example:8200",
    "https://four.example:8200",
  ]);
});

test.each([
  ["no known server", {}, [], [OWN], "none"],
  ["VAULT_ADDR", { VAULT_ADDR: `${OWN}/` }, [], [], `${OWN},${OWN}/`],
  ["the usual port", { VAULT_ADDR: "https://a" }, [], ["https://b"], "https://a,https://a:443"],
  [
    "another writing",
    { VAULT_ADDR: OWN },
    [],
    ["https://VAULT.example.com:8200"],
    `${OWN},https://VAULT.example.com:8200`,
  ],
  ["a foreign one behind a comma", { VAULT_ADDR: OWN }, [], [`${OWN}/,https://evil`], OWN],
  ["what .sops.yaml names", {}, [OWN], ["https://evil"], OWN],
  ["a list of one's own", { SOPS_HC_VAULT_ALLOWLIST: "https://x" }, [OWN], [OWN], "https://x"],
])("sops's allow-list for %s", (_, env, configured, named, list) => {
  expect(new TrustedAddresses(env as Record<string, string>, configured).allowlist(named)).toBe(list);
});
