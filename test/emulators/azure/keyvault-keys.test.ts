import { randomBytes } from "node:crypto";
import { CryptographyClient, type KeyClient } from "@azure/keyvault-keys";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyClient, vaultForAll } from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";

const VAULT = "sops-dev-kv";
const DAY_MS = 24 * 3_600_000;

let azure: TestAzure;
let keys: KeyClient;

beforeAll(async () => {
  azure = await testAzure();
  await vaultForAll(azure, VAULT);
  keys = keyClient(azure, VAULT);
});
afterAll(() => azure.close());

describe("keys, as @azure/keyvault-keys sees them", () => {
  it("are made, told, listed with their versions, and changed", async () => {
    const made = await keys.createRsaKey("first", {
      keySize: 3072,
      keyOps: ["encrypt", "decrypt"],
      tags: { a: "1" },
    });
    expect(made).toMatchObject({ name: "first", keyType: "RSA", keyOperations: ["encrypt", "decrypt"] });
    expect(made.key?.n).toHaveLength(3072 / 8);
    const again = await keys.createRsaKey("first");
    expect(again.properties.version).not.toBe(made.properties.version);
    expect((await keys.getKey("first")).properties.version).toBe(again.properties.version);
    const old = await keys.getKey("first", { version: made.properties.version ?? "" });
    expect(old.properties.tags).toEqual({ a: "1" });
    const versions = [];
    for await (const version of keys.listPropertiesOfKeyVersions("first")) versions.push(version.version);
    expect(versions).toEqual([made.properties.version, again.properties.version]);
    const expiresOn = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 90 * DAY_MS);
    const version = again.properties.version ?? "";
    const changed = await keys.updateKeyProperties("first", version, { enabled: false, expiresOn });
    expect(changed.properties).toMatchObject({ enabled: false, expiresOn, recoverableDays: 90 });
  });

  it("are listed page by page", async () => {
    const names = Array.from({ length: 7 }, (_, index) => `page-${index}`);
    for (const name of names) await keys.createRsaKey(name);
    const pages = [];
    for await (const page of keys.listPropertiesOfKeys().byPage({ maxPageSize: 3 })) pages.push(page.length);
    expect(pages.slice(0, 2)).toEqual([3, 3]);
    const all = [];
    for await (const { name } of keys.listPropertiesOfKeys()) all.push(name);
    expect(all).toEqual(expect.arrayContaining(names));
  });

  it.each(["RSA-OAEP-256", "RSA-OAEP", "RSA1_5"] as const)(
    "open again by %s what they closed",
    async (algorithm) => {
      const key = await keys.createRsaKey(`crypto-${algorithm.replaceAll("_", "-")}`);
      const client = new CryptographyClient(key, azure.credential(), azure.options);
      const plaintext = randomBytes(32);
      // The client encrypts by itself, with the public key; what it made is opened here.
      const { result } = await client.encrypt({ algorithm, plaintext });
      expect(Buffer.from((await client.decrypt({ algorithm, ciphertext: result })).result)).toEqual(
        plaintext,
      );
      const wrapped = await client.wrapKey(algorithm, plaintext);
      expect(Buffer.from((await client.unwrapKey(algorithm, wrapped.result)).result)).toEqual(plaintext);
    },
  );

  it("go to a bin, from which they come back or are purged", async () => {
    const made = await keys.createRsaKey("binned");
    const poller = await keys.beginDeleteKey("binned", { intervalInMs: 20 });
    const deleted = await poller.pollUntilDone();
    expect(deleted.properties).toMatchObject({
      recoveryId: `https://${VAULT}.vault.azure.net/deletedkeys/binned`,
    });
    await expect(keys.getKey("binned")).rejects.toMatchObject({ code: "KeyNotFound", statusCode: 404 });
    await expect(keys.createRsaKey("binned")).rejects.toMatchObject({ statusCode: 409 });
    const recovery = await keys.beginRecoverDeletedKey("binned", { intervalInMs: 20 });
    expect((await recovery.pollUntilDone()).properties.version).toBe(made.properties.version);
    await (await keys.beginDeleteKey("binned", { intervalInMs: 20 })).pollUntilDone();
    const names = [];
    for await (const { name } of keys.listDeletedKeys()) names.push(name);
    expect(names).toEqual(["binned"]);
    await keys.purgeDeletedKey("binned");
    await expect(keys.getDeletedKey("binned")).rejects.toMatchObject({ statusCode: 404 });
  });

  it("come back from a backup with every version, and from nothing else", async () => {
    const first = await keys.createRsaKey("saved");
    const client = new CryptographyClient(first, azure.credential(), azure.options);
    const plaintext = randomBytes(16);
    const { result: ciphertext } = await client.encrypt({ algorithm: "RSA-OAEP-256", plaintext });
    await keys.createRsaKey("saved");
    const backup = (await keys.backupKey("saved")) ?? new Uint8Array();
    expect(Buffer.from(backup).toString()).not.toContain("PRIVATE");
    await (await keys.beginDeleteKey("saved", { intervalInMs: 20 })).pollUntilDone();
    await keys.purgeDeletedKey("saved");
    await keys.restoreKeyBackup(backup);
    const opened = await client.decrypt({ algorithm: "RSA-OAEP-256", ciphertext });
    expect(Buffer.from(opened.result)).toEqual(plaintext);
    const torn = Uint8Array.from(backup, (byte, index) => (index === 20 ? byte ^ 1 : byte));
    await expect(keys.restoreKeyBackup(torn)).rejects.toMatchObject({ statusCode: 400 });
  });

  it("have a rotation policy, which notifies 30 days before unless it says otherwise", async () => {
    await keys.createRsaKey("policy");
    const lifetimeActions = [{ action: "Rotate", timeAfterCreate: "P2M" }] as const;
    const policy = await keys.updateKeyRotationPolicy("policy", {
      lifetimeActions: [...lifetimeActions],
      expiresIn: "P90D",
    });
    expect(policy).toMatchObject({
      id: `https://${VAULT}.vault.azure.net/keys/policy/rotationpolicy`,
      expiresIn: "P90D",
      lifetimeActions: [...lifetimeActions, { action: "Notify", timeBeforeExpiry: "P30D" }],
    });
    expect(await keys.getKeyRotationPolicy("policy")).toEqual(policy);
    const before = await keys.getKey("policy");
    const rotated = await keys.rotateKey("policy");
    expect(rotated.properties.version).not.toBe(before.properties.version);
    const { createdOn, expiresOn } = rotated.properties;
    expect((expiresOn?.getTime() ?? 0) - (createdOn?.getTime() ?? 0)).toBe(90 * DAY_MS);
  });

  it.each([
    { what: "an expiry that is too near", expiresIn: "P27D", actions: [] },
    { what: "a rotation that is too early", expiresIn: undefined, actions: [{ timeAfterCreate: "P6D" }] },
    { what: "a rotation too near to the expiry", expiresIn: "P30D", actions: [{ timeAfterCreate: "P28D" }] },
    {
      what: "a rotation before an expiry that is never",
      expiresIn: undefined,
      actions: [{ timeBeforeExpiry: "P10D" }],
    },
    { what: "a duration of hours", expiresIn: "PT900H", actions: [] },
    {
      what: "two rotations",
      expiresIn: undefined,
      actions: [{ timeAfterCreate: "P8D" }, { timeAfterCreate: "P9D" }],
    },
  ])("refuse a policy with $what", async ({ expiresIn, actions }) => {
    const lifetimeActions = actions.map((trigger) => ({ action: "Rotate" as const, ...trigger }));
    await expect(
      keys.updateKeyRotationPolicy("policy", { lifetimeActions, ...(expiresIn && { expiresIn }) }),
    ).rejects.toMatchObject({ statusCode: 400, code: "BadParameter" });
  });
});
