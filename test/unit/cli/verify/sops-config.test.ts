import { expect, test } from "vitest";
import { keysIn } from "../../../../cli/verify/probes/sops-config";

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
