import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PluginClient, Resource } from "../plugin-client";
import { Bench } from "./bench";
import type { VaultProcess } from "./vault-process";

const MOUNT = "vault:index/mount:Mount";
const ENDPOINT = "vault:generic/endpoint:Endpoint";
const KEY = "vault:transit/secretBackendKey:SecretBackendKey";
const POLICY = "vault:index/policy:Policy";
const AUDIT = "vault:index/audit:Audit";

let bench: Bench;
let vault: VaultProcess;
let plugin: PluginClient;

beforeAll(async () => {
  bench = await Bench.start();
  ({ vault, plugin } = bench);
});
afterAll(() => bench?.stop());

describe("a mount", () => {
  it("lives, moves with what is in it, shows drift, goes", async () => {
    const inputs = { path: "engine", type: "transit", description: "for tests" };
    const made = await plugin.create(MOUNT, inputs);
    expect(made.id).toBe("engine");
    expect(made.outputs.accessor).toMatch(/^transit_/);
    await bench.expectSettled(MOUNT, made, inputs);
    await vault.api.write("engine/keys/inside", {});

    const moved = await plugin.update(MOUNT, made, { ...inputs, path: "moved", maxLeaseTtlSeconds: 7200 });
    expect(await vault.api.read("moved/keys/inside")).toMatchObject({ name: "inside" });
    expect((await vault.api.read("sys/mounts/moved"))?.config).toMatchObject({ max_lease_ttl: 7200 });
    expect((await plugin.read(MOUNT, moved))?.outputs.path).toBe("moved");

    await vault.api.write("sys/mounts/moved/tune", { description: "by hand" });
    const drifted = await plugin.read(MOUNT, moved);
    expect(drifted?.inputs.description).toBe("by hand");
    expect((await plugin.diff(MOUNT, drifted as Resource, moved.inputs)).detailed).toEqual({
      description: "UPDATE",
    });

    await plugin.delete(MOUNT, moved);
    expect(await plugin.read(MOUNT, moved)).toBeUndefined();
    await plugin.delete(MOUNT, moved);
  });

  it("is replaced for another type, the old one first", async () => {
    const old = await plugin.create(MOUNT, { path: "typed", type: "transit" });
    const wanted = await plugin.check(MOUNT, { path: "typed", type: "kv" });
    expect(await plugin.diff(MOUNT, old, wanted)).toMatchObject({
      detailed: { type: "UPDATE_REPLACE" },
      deleteBeforeReplace: true,
    });
  });
});

describe("a transit key and its engine's settings", () => {
  let mount: Resource;
  beforeAll(async () => {
    mount = await plugin.create(MOUNT, { path: "transit", type: "transit" });
  });

  it("lives as the program has it", async () => {
    const inputs = { backend: "transit", name: "sops", autoRotatePeriod: 7776000 };
    const key = await plugin.create(KEY, inputs);
    expect(key.id).toBe("transit/keys/sops");
    expect(key.outputs).toMatchObject({
      type: "aes256-gcm96",
      latestVersion: 1,
      minDecryptionVersion: 1,
      exportable: false,
      deletionAllowed: false,
      supportsEncryption: true,
    });
    await bench.expectSettled(KEY, key, inputs);

    await vault.api.write("transit/keys/sops/rotate", {});
    const rotated = (await plugin.read(KEY, key)) as Resource;
    expect(rotated.outputs.latestVersion).toBe(2);
    expect(rotated.outputs.keys).toHaveLength(2);
    expect(await plugin.diff(KEY, rotated, key.inputs)).toMatchObject({ changed: false });

    const raised = await plugin.update(KEY, rotated, {
      ...inputs,
      minDecryptionVersion: 2,
      minEncryptionVersion: 2,
    });
    expect(await vault.api.read("transit/keys/sops")).toMatchObject({
      min_decryption_version: 2,
      min_encryption_version: 2,
    });
    await bench.expectSettled(KEY, raised, { ...inputs, minDecryptionVersion: 2, minEncryptionVersion: 2 });
  });

  it("is not deleted before Vault allows it, and then is", async () => {
    const key = await plugin.create(KEY, { backend: "transit", name: "kept" });
    await expect(plugin.delete(KEY, key)).rejects.toThrow(
      "Vault does not allow the deletion of transit/keys/kept: set deletionAllowed to true and run up before the destroy, or remove the whole mount",
    );
    const open = await plugin.update(KEY, key, { backend: "transit", name: "kept", deletionAllowed: true });
    await plugin.delete(KEY, open);
    expect(await plugin.read(KEY, open)).toBeUndefined();
    await plugin.delete(KEY, open);
  });

  it("never takes back what Vault cannot take back", async () => {
    const key = await plugin.create(KEY, { backend: "transit", name: "open", exportable: true });
    await expect(
      plugin.diff(KEY, key, await plugin.check(KEY, { backend: "transit", name: "open" })),
    ).rejects.toThrow("exportable cannot be taken back on a key that has it: Vault only ever turns it on");
  });

  it("refuses a minimum version below one", async () => {
    const { failures } = await plugin.checkOnly(KEY, {
      backend: "transit",
      name: "x",
      minDecryptionVersion: 0,
    });
    expect(failures).toEqual(["minDecryptionVersion: minDecryptionVersion must be at least 1, not 0"]);
  });

  it("goes with its mount", async () => {
    const other = await plugin.create(MOUNT, { path: "short", type: "transit" });
    const key = await plugin.create(KEY, { backend: "short", name: "lived" });
    await plugin.delete(MOUNT, other);
    expect(await plugin.read(KEY, key)).toBeUndefined();
    await plugin.delete(KEY, key);
  });

  it("has its engine's settings through an endpoint", async () => {
    const inputs = {
      path: "transit/config/keys",
      dataJson: '{ "disable_upsert": true }',
      disableDelete: true,
    };
    const settings = await plugin.create(ENDPOINT, inputs, ["dataJson"]);
    expect(plugin.secretOutputs).toContain("dataJson");
    expect(await vault.api.read("transit/config/keys")).toEqual({ disable_upsert: true });
    await bench.expectSettled(ENDPOINT, settings, inputs, { disableDelete: false });

    await vault.api.write("transit/config/keys", { disable_upsert: false });
    const drifted = (await plugin.read(ENDPOINT, settings)) as Resource;
    expect((await plugin.diff(ENDPOINT, drifted, settings.inputs)).detailed).toEqual({ dataJson: "UPDATE" });
    await plugin.update(ENDPOINT, drifted, inputs);
    expect(await vault.api.read("transit/config/keys")).toEqual({ disable_upsert: true });
    await plugin.delete(ENDPOINT, settings);
    expect((await plugin.checkOnly(ENDPOINT, { path: "x", dataJson: "[1]" })).failures).toEqual([
      "dataJson: dataJson must be the JSON text of an object",
    ]);
  });

  it("is all gone with the mount", async () => {
    await plugin.delete(MOUNT, mount);
    expect(await plugin.read(KEY, "transit/keys/sops")).toBeUndefined();
  });
});

describe("an endpoint that answers", () => {
  it("keeps the fields that were asked for", async () => {
    const inputs = {
      path: "sys/tools/hash/sha2-256",
      dataJson: '{"input":"c29wcw=="}',
      disableRead: true,
      disableDelete: true,
      writeFields: ["sum"],
    };
    const hash = await plugin.create(ENDPOINT, inputs);
    expect(hash.outputs.writeData).toEqual({ sum: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(JSON.parse(String(hash.outputs.writeDataJson))).toEqual(hash.outputs.writeData);
    expect(await plugin.read(ENDPOINT, hash)).toEqual(hash);
  });
});

describe("a policy", () => {
  it("lives, shows what was edited by hand, goes", async () => {
    const inputs = { name: "reader", policy: 'path "transit/keys/sops" {\n  capabilities = ["read"]\n}\n' };
    const made = await plugin.create(POLICY, inputs);
    await bench.expectSettled(POLICY, made, inputs);
    await vault.api.write("sys/policies/acl/reader", { policy: 'path "*" { capabilities = ["sudo"] }' });
    const drifted = (await plugin.read(POLICY, made)) as Resource;
    expect(drifted.inputs.policy).toBe('path "*" { capabilities = ["sudo"] }');
    expect((await plugin.diff(POLICY, drifted, made.inputs)).detailed).toEqual({ policy: "UPDATE" });
    const mended = await plugin.update(POLICY, drifted, inputs);
    expect((await vault.api.read("sys/policies/acl/reader"))?.policy).toBe(inputs.policy);
    const renamed = await plugin.check(POLICY, { ...inputs, name: "other" });
    expect(await plugin.diff(POLICY, mended, renamed)).toMatchObject({
      replaces: ["name"],
      deleteBeforeReplace: false,
    });
    await plugin.delete(POLICY, mended);
    expect(await plugin.read(POLICY, mended)).toBeUndefined();
    await plugin.delete(POLICY, mended);
  });
});

describe("an audit device", () => {
  it("lives, is replaced for any change, goes", async () => {
    const inputs = {
      type: "file",
      path: "log",
      options: { file_path: "stdout" },
      description: "to the console",
    };
    const device = await plugin.create(AUDIT, inputs);
    expect(device.id).toBe("log");
    expect(await vault.api.read("sys/audit")).toHaveProperty(["log/"]);
    await bench.expectSettled(AUDIT, device, inputs);
    const other = await plugin.check(AUDIT, { ...inputs, options: { file_path: "discard" } });
    expect(await plugin.diff(AUDIT, device, other)).toMatchObject({
      detailed: { "options.file_path": "UPDATE_REPLACE" },
      deleteBeforeReplace: true,
    });
    await plugin.delete(AUDIT, device);
    expect(await plugin.read(AUDIT, device)).toBeUndefined();
    await plugin.delete(AUDIT, device);
  });
});
