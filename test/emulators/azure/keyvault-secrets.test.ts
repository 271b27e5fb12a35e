import { SecretClient } from "@azure/keyvault-secrets";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assign, GROUP, judges, principalWithSecret, ROLE, vaultForAll } from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";

const VAULT = "secrets-kv";

let azure: TestAzure;
let vault: string;

beforeAll(async () => {
  azure = await testAzure();
  vault = await vaultForAll(azure, VAULT);
});
afterAll(() => azure.close());

const secrets = (credential = azure.credential()) =>
  new SecretClient(`https://${VAULT}.vault.azure.net`, credential, azure.options);

describe("secrets, as @azure/keyvault-secrets sees them", () => {
  it("have values in versions, and go to a bin", async () => {
    const first = await secrets().setSecret("token", "one", { contentType: "text/plain", tags: { a: "b" } });
    await secrets().setSecret("token", "two");
    expect((await secrets().getSecret("token")).value).toBe("two");
    const { version = "" } = first.properties;
    expect(await secrets().getSecret("token", { version })).toMatchObject({
      value: "one",
      properties: { contentType: "text/plain", tags: { a: "b" } },
    });
    const listed = [];
    for await (const properties of secrets().listPropertiesOfSecrets()) listed.push(properties);
    expect(listed.map(({ name }) => name)).toEqual(["token"]);
    expect(JSON.stringify(listed)).not.toContain("two");
    await (await secrets().beginDeleteSecret("token", { intervalInMs: 20 })).pollUntilDone();
    await expect(secrets().setSecret("token", "three")).rejects.toMatchObject({ statusCode: 409 });
    await (await secrets().beginRecoverDeletedSecret("token", { intervalInMs: 20 })).pollUntilDone();
    expect((await secrets().getSecret("token")).value).toBe("two");
  });

  it("are told to those who may, and not when they are disabled", async () => {
    await secrets().setSecret("guarded", "hush");
    const who = principalWithSecret(azure, "relay");
    const theirs = () => secrets(azure.credential(who.clientId, who.secret));
    await expect(theirs().getSecret("guarded")).rejects.toMatchObject({ statusCode: 403 });
    await assign(azure, who.objectId, ROLE.secretsUser, `${vault}/secrets/guarded`);
    expect((await theirs().getSecret("guarded")).value).toBe("hush");
    await expect(theirs().getSecret("token")).rejects.toMatchObject({ statusCode: 403 });
    const { version = "" } = (await secrets().getSecret("guarded")).properties;
    await secrets().updateSecretProperties("guarded", version, { enabled: false });
    await expect(secrets().getSecret("guarded")).rejects.toThrow("not allowed on a disabled secret");
  });

  it("are written through ARM, which never tells them", async () => {
    const { keyvault } = judges(azure);
    const made = await keyvault.secrets.createOrUpdate(GROUP, VAULT, "by-arm", {
      properties: { value: "hush" },
    });
    expect(JSON.stringify(made)).not.toContain("hush");
    expect(made.properties?.secretUri).toBe(`https://${VAULT}.vault.azure.net/secrets/by-arm`);
    expect((await secrets().getSecret("by-arm")).value).toBe("hush");
  });
});

describe("keys through ARM, as @azure/arm-keyvault sees them", () => {
  const rotationPolicy = {
    attributes: { expiryTime: "P90D" },
    lifetimeActions: [{ trigger: { timeAfterCreate: "P60D" }, action: { type: "rotate" as const } }],
  };

  it("are made once, with a policy, and never changed", async () => {
    const { keyvault } = judges(azure);
    const properties = {
      kty: "RSA" as const,
      keySize: 2_048,
      keyOps: ["encrypt", "decrypt"],
      rotationPolicy,
    };
    const made = await keyvault.keys.createIfNotExist(GROUP, VAULT, "sops", { properties });
    expect(made).toMatchObject({
      id: `${vault}/keys/sops`,
      keyUri: `https://${VAULT}.vault.azure.net/keys/sops`,
      keyUriWithVersion: expect.stringMatching(/\/keys\/sops\/[0-9a-f]{32}$/),
      keyOps: ["encrypt", "decrypt"],
      rotationPolicy: {
        attributes: { expiryTime: "P90D" },
        lifetimeActions: [{ action: { type: "rotate" } }, { action: { type: "notify" } }],
      },
    });
    const again = await keyvault.keys.createIfNotExist(GROUP, VAULT, "sops", {
      properties: { kty: "RSA", keySize: 4_096 },
    });
    expect(again).toMatchObject({ keyUriWithVersion: made.keyUriWithVersion, keySize: 2_048 });
    const versions = [];
    for await (const version of keyvault.keys.listVersions(GROUP, VAULT, "sops")) versions.push(version.name);
    expect(versions).toHaveLength(1);
  });

  it.each([
    { what: "of another kind", properties: { kty: "EC" }, problem: "type EC" },
    { what: "of an odd size", properties: { kty: "RSA", keySize: 1_024 }, problem: "1024" },
    { what: "in hardware, in a vault without it", properties: { kty: "RSA-HSM" }, problem: "premium" },
    {
      what: "for an operation that there is not",
      properties: { kty: "RSA", keyOps: ["shred"] },
      problem: "shred",
    },
  ])("are refused $what", async ({ properties, problem }) => {
    const made = judges(azure).keyvault.keys.createIfNotExist(GROUP, VAULT, "odd", {
      properties: properties as { kty: "RSA" },
    });
    await expect(made).rejects.toMatchObject({ statusCode: 400, message: expect.stringContaining(problem) });
  });
});
