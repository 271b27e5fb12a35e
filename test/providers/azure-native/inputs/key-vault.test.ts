import { describe, expect, it } from "vitest";
import { azureTest } from "../support/azure-test";
import { GROUPED, type RefusedInputs, refused } from "../support/refused-inputs";

const VAULT = {
  ...GROUPED,
  vaultName: "kv-sops",
  properties: { tenantId: "t", sku: { family: "A", name: "standard" } },
};
const KEY = { resourceGroupName: "rg", vaultName: "kv-sops", keyName: "sops", properties: { kty: "RSA" } };

const test = azureTest();

describe("inputs that are refused", () => {
  it.each<RefusedInputs>([
    [
      "an unknown property",
      "keyvault:Vault",
      { ...VAULT, vaultname: "kv" },
      ['vaultname: the key vault has no property "vaultname"; did you mean "vaultName"?'],
    ],
    [
      "an unknown property deep inside",
      "keyvault:Vault",
      {
        ...VAULT,
        properties: { ...VAULT.properties, networkAcls: { ipRules: [{ value: "1" }, { valeu: "2" }] } },
      },
      [
        'properties.networkAcls.ipRules[1].valeu: properties.networkAcls.ipRules[1] has no property "valeu"; did you mean "value"?',
        "properties.networkAcls.ipRules[1].value: properties.networkAcls.ipRules[1] needs value",
      ],
    ],
    [
      "an output",
      "keyvault:Vault",
      { ...VAULT, properties: { ...VAULT.properties, vaultUri: "u" } },
      ['properties.vaultUri: properties has no property "vaultUri"'],
    ],
    [
      "nothing that is needed",
      "keyvault:Vault",
      { location: "x", properties: { sku: { family: "A" } } },
      [
        "resourceGroupName: the key vault needs resourceGroupName",
        "vaultName: the key vault needs vaultName: the stand-in makes up no names",
        "properties.sku.name: properties.sku needs name",
        "properties.tenantId: properties needs tenantId",
      ],
    ],
    [
      "a name that cannot be",
      "keyvault:Vault",
      { ...VAULT, vaultName: "kv--sops" },
      [
        'vaultName: vaultName must be 3 to 24 letters, digits and single dashes, with a letter first and no dash last: "kv--sops"',
      ],
    ],
    [
      "a name that is none",
      "keyvault:Vault",
      { ...VAULT, vaultName: 7 },
      ["vaultName: vaultName must be a string that is not empty"],
    ],
    [
      "a value that is not of the list",
      "keyvault:Vault",
      { ...VAULT, properties: { ...VAULT.properties, sku: { family: "A", name: "gold" } } },
      ['properties.sku.name: properties.sku.name must be one of standard, premium, not "gold"'],
    ],
    [
      "a number that is out of its range",
      "keyvault:Vault",
      { ...VAULT, properties: { ...VAULT.properties, softDeleteRetentionInDays: 5 } },
      ["properties.softDeleteRetentionInDays: properties.softDeleteRetentionInDays must be from 7 to 90"],
    ],
    [
      "a text for a flag",
      "keyvault:Vault",
      { ...VAULT, properties: { ...VAULT.properties, enableRbacAuthorization: "true" } },
      ["properties.enableRbacAuthorization: properties.enableRbacAuthorization must be true or false"],
    ],
    [
      "purge protection that is off",
      "keyvault:Vault",
      { ...VAULT, properties: { ...VAULT.properties, enablePurgeProtection: false } },
      [
        "properties.enablePurgeProtection: properties.enablePurgeProtection is true or absent: Azure does not take false",
      ],
    ],
    [
      "another API version",
      "keyvault:Vault",
      { ...VAULT, azureApiVersion: "2023-02-01" },
      ["azureApiVersion: azureApiVersion is 2024-11-01 and cannot be set"],
    ],
    [
      "a list for an object",
      "keyvault:Vault",
      { ...VAULT, properties: [] },
      ["properties: properties must be an object"],
    ],
    [
      "a key operation that is none",
      "keyvault:Key",
      { ...KEY, properties: { kty: "RSA", keyOps: ["encrypt", "wrap"] } },
      [
        'properties.keyOps[1]: properties.keyOps[1] must be one of encrypt, decrypt, sign, verify, wrapKey, unwrapKey, import, release, not "wrap"',
      ],
    ],
    [
      "an action in the vault's own spelling",
      "keyvault:Key",
      {
        ...KEY,
        properties: { kty: "RSA", rotationPolicy: { lifetimeActions: [{ action: { type: "Rotate" } }] } },
      },
      [
        'properties.rotationPolicy.lifetimeActions[0].action.type: properties.rotationPolicy.lifetimeActions[0].action.type must be one of rotate, notify, not "Rotate"',
      ],
    ],
    [
      "half a key size",
      "keyvault:Key",
      { ...KEY, properties: { kty: "RSA", keySize: 2048.5 } },
      ["properties.keySize: properties.keySize must be a whole number"],
    ],
  ])("%s", async (_what, type, inputs, reasons) => {
    expect(await refused(test, type, inputs)).toEqual(reasons);
  });
});
