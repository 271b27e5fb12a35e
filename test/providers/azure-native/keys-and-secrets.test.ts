import { describe, expect, it } from "vitest";
import { azureTest } from "./support/azure-test";
import { GROUP } from "./support/recorded-azure";

const VAULT = "azure-native:keyvault:Vault";
const KEY = "azure-native:keyvault:Key";
const SECRET = "azure-native:keyvault:Secret";
const VAULT_ID = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-sops`;
const KEY_ID = `${VAULT_ID}/keys/sops`;
const SECRET_ID = `${VAULT_ID}/secrets/trigger`;
const DATA = "kv-sops.vault.azure.net";

const key = {
  resourceGroupName: "rg",
  vaultName: "kv-sops",
  keyName: "sops",
  properties: { kty: "RSA", keySize: 3072, rotationPolicy: { attributes: { expiryTime: "P1Y" } } },
};
const secret = {
  resourceGroupName: "rg",
  vaultName: "kv-sops",
  secretName: "trigger",
  properties: { value: "glptt-1" },
};
const vault = {
  resourceGroupName: "rg",
  vaultName: "kv-sops",
  location: "westeurope",
  properties: { tenantId: "t", sku: { family: "A", name: "standard" } },
};

const test = azureTest();

describe("a key", () => {
  it("is deleted in the vault itself, by a token for vaults", async () => {
    test.azure.answers(`GET ${KEY_ID}`, { body: { id: KEY_ID } });
    test.azure.answers(`DELETE ${DATA}/keys/sops`, { body: { recoveryId: "r" } });
    await test.plugin.delete(KEY, { id: KEY_ID, inputs: key, outputs: {} });
    const [login, deletion] = test.azure.taken().slice(-2);
    expect(login?.body).toContain("scope=https%3A%2F%2Fvault.azure.net%2F.default");
    expect([deletion?.line, deletion?.query]).toEqual([`DELETE ${DATA}/keys/sops`, { "api-version": "7.4" }]);
    test.azure.answers(`DELETE ${DATA}/keys/sops`, { status: 404 });
    await test.plugin.delete(KEY, { id: KEY_ID, inputs: key, outputs: {} });
  });

  it("is gone with its vault, and nobody looks for the vault's host", async () => {
    const error = { code: "ResourceNotFound", message: "The Resource was not found." };
    test.azure.answers(`GET ${KEY_ID}`, { status: 404, body: { error } });
    await test.plugin.delete(KEY, { id: KEY_ID, inputs: key, outputs: {} });
    expect(test.azure.taken().at(-1)?.line).toBe(`GET ${KEY_ID}`);
  });

  it("needs a right in the vault for that", async () => {
    test.azure.answers(`GET ${KEY_ID}`, { body: { id: KEY_ID } });
    const error = {
      code: "Forbidden",
      message: "Caller is not authorized",
      innererror: { code: "ForbiddenByRbac" },
    };
    test.azure.answers(`DELETE ${DATA}/keys/sops`, { status: 403, body: { error } });
    await expect(test.plugin.delete(KEY, { id: KEY_ID, inputs: key, outputs: {} })).rejects.toThrow(
      "Azure refused to delete key sops of kv-sops (403 ForbiddenByRbac): Caller is not authorized; the deployer needs a data role on the vault as well, such as Key Vault Crypto Officer",
    );
  });

  it("is not changed in ARM, which would only say so", async () => {
    const bigger = { ...key, properties: { ...key.properties, keySize: 4096 } };
    const old = { id: KEY_ID, inputs: key, outputs: {} };
    expect((await test.plugin.diff(KEY, old, bigger)).detailed).toEqual({ "properties.keySize": "UPDATE" });
    await expect(test.plugin.update(KEY, old, bigger)).rejects.toThrow(
      "9 FAILED_PRECONDITION: key sops would stay as it is: ARM answers every change of a key with success, and makes none",
    );
    expect(test.azure.taken()).toEqual([]);
  });

  it("whose policy somebody changed is read so, although its outputs have another shape", async () => {
    const told = {
      kty: "RSA",
      keySize: 3072,
      rotationPolicy: { attributes: { expiryTime: "P1Y", created: 1 } },
    };
    const changed = { ...told, rotationPolicy: { attributes: { expiryTime: "P30D", created: 1 } } };
    test.azure.answers(`GET ${KEY_ID}`, { body: { properties: changed } });
    const read = await test.plugin.read(KEY, { id: KEY_ID, inputs: key, outputs: told });
    expect(read?.inputs.properties).toEqual({
      ...key.properties,
      rotationPolicy: { attributes: { expiryTime: "P30D" } },
    });
    expect(read?.outputs).toMatchObject({ rotationPolicy: { attributes: { expiryTime: "P30D" } } });
  });

  it("that was rotated has no other inputs", async () => {
    const told = { kty: "RSA", keySize: 3072, keyUriWithVersion: "https://kv/keys/sops/1" };
    test.azure.answers(`GET ${KEY_ID}`, {
      body: { properties: { ...told, keyUriWithVersion: "https://kv/keys/sops/2" } },
    });
    const read = await test.plugin.read(KEY, { id: KEY_ID, inputs: key, outputs: told });
    expect(read?.inputs).toEqual(key);
  });
});

describe("a secret", () => {
  it("is changed by a new version, and its value is in the inputs alone", async () => {
    const body = { id: SECRET_ID, properties: { secretUri: `https://${DATA}/secrets/trigger` } };
    test.azure.answers(`PUT ${SECRET_ID}`, { body }).answers(`GET ${SECRET_ID}`, { body });
    const old = { id: SECRET_ID, inputs: secret, outputs: {} };
    const next = { ...secret, properties: { value: "glptt-2" } };
    expect((await test.plugin.diff(SECRET, old, next)).detailed).toEqual({ "properties.value": "UPDATE" });
    const changed = await test.plugin.update(SECRET, old, next);
    expect(JSON.stringify(changed.outputs)).not.toContain("glptt");
    const read = await test.plugin.read(SECRET, changed);
    expect(read?.inputs).toEqual(changed.inputs);
  });

  it("keeps the mark that the program gave it", async () => {
    const body = { id: SECRET_ID, properties: { secretUri: "u" } };
    test.azure.answers(`GET ${SECRET_ID}`, { status: 404 }, { body }).answers(`PUT ${SECRET_ID}`, { body });
    await test.plugin.create(SECRET, secret, ["properties"]);
    expect([...test.plugin.secretOutputs]).toEqual(["properties"]);
  });

  it("is deleted in the vault itself", async () => {
    test.azure.answers(`GET ${SECRET_ID}`, { body: { id: SECRET_ID } });
    test.azure.answers(`DELETE ${DATA}/secrets/trigger`, { body: {} });
    await test.plugin.delete(SECRET, { id: SECRET_ID, inputs: secret, outputs: {} });
    expect(test.azure.taken().at(-1)?.line).toBe(`DELETE ${DATA}/secrets/trigger`);
  });
});

describe("a vault", () => {
  const body = { id: VAULT_ID, location: "westeurope", properties: vault.properties };

  it("keeps the access policies of others where the program says none", async () => {
    const accessPolicies = [{ objectId: "o", tenantId: "t", permissions: { keys: ["get"] } }];
    const there = { ...body, properties: { ...body.properties, accessPolicies } };
    test.azure.answers(`GET ${VAULT_ID}`, { body: there }).answers(`PUT ${VAULT_ID}`, { body: there });
    const old = { id: VAULT_ID, inputs: vault, outputs: { properties: vault.properties } };
    await test.plugin.update(VAULT, old, { ...vault, tags: { a: "1" } });
    const put = test.azure.taken().find(({ line }) => line.startsWith("PUT"));
    expect(put?.body).toMatchObject({ properties: { accessPolicies } });
    expect((await test.plugin.read(VAULT, old))?.inputs).toEqual(vault);
    const said = { ...vault, properties: { ...vault.properties, accessPolicies: [] } };
    const outputs = { properties: { ...vault.properties, accessPolicies: [] } };
    expect((await test.plugin.read(VAULT, { id: VAULT_ID, inputs: said, outputs }))?.inputs).toMatchObject({
      properties: { accessPolicies },
    });
  });

  it("cannot move: it would be deleted, and its name would be taken", async () => {
    const old = { id: VAULT_ID, inputs: vault, outputs: {} };
    await expect(test.plugin.diff(VAULT, old, { ...vault, location: "northeurope" })).rejects.toThrow(
      "key vault kv-sops cannot move from westeurope to northeurope: give the new one another vaultName",
    );
    const other = await test.plugin.diff(VAULT, old, {
      ...vault,
      location: "northeurope",
      vaultName: "kv-sops2",
    });
    expect(other.replaces).toEqual(["vaultName"]);
    expect((await test.plugin.diff(VAULT, old, { ...vault, location: "West Europe" })).changed).toBe(false);
  });

  it("is changed in place in all else", async () => {
    const old = { id: VAULT_ID, inputs: vault, outputs: {} };
    const next = {
      ...vault,
      properties: { ...vault.properties, tenantId: "u", enablePurgeProtection: true },
    };
    expect(await test.plugin.diff(VAULT, old, next)).toMatchObject({
      replaces: [],
      detailed: { "properties.tenantId": "UPDATE", "properties.enablePurgeProtection": "ADD" },
    });
  });
});
