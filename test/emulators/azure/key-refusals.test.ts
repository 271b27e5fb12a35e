import { createHash } from "node:crypto";
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

describe("what keys do not let be done", () => {
  const digest = createHash("sha256").update("data").digest();
  const encryptBy = async (name: string, version: string, operation = "encrypt") => {
    const url = `https://${VAULT}.vault.azure.net/keys/${name}/${version}/${operation}?api-version=2025-07-01`;
    const token = await azure.token("https://vault.azure.net/.default");
    return azure.ask("POST", url, {
      token,
      body: { alg: "RSA-OAEP-256", value: digest.toString("base64url") },
    });
  };

  it("encrypting, when the key is not for it", async () => {
    const { properties } = await keys.createRsaKey("unwrap-only", { keyOps: ["wrapKey", "unwrapKey"] });
    const { status, body } = await encryptBy("unwrap-only", properties.version ?? "");
    expect(status).toBe(403);
    expect(body).toEqual({
      error: {
        code: "Forbidden",
        message: "Operation encrypt is not permitted on this key.",
        innererror: { code: "KeyOperationForbidden" },
      },
    });
  });

  it("anything, when the version is disabled", async () => {
    const { properties } = await keys.createRsaKey("off");
    await keys.updateKeyProperties("off", properties.version ?? "", { enabled: false });
    for (const operation of ["encrypt", "decrypt"])
      expect(await encryptBy("off", properties.version ?? "", operation)).toMatchObject({
        status: 403,
        body: { error: { innererror: { code: "KeyDisabled" } } },
      });
  });

  it("encrypting, before its time and after it; what was encrypted in time is still opened", async () => {
    const expiresOn = new Date(Date.now() + 30 * DAY_MS);
    const { properties } = await keys.createRsaKey("timed", { expiresOn });
    const version = properties.version ?? "";
    const { body } = await encryptBy("timed", version);
    await keys.createRsaKey("early", { notBefore: new Date(Date.now() + DAY_MS) });
    expect(await encryptBy("early", "")).toMatchObject({
      status: 403,
      body: { error: { innererror: { code: "KeyNotYetValid" } } },
    });
    await azure.core.clock.advance(31 * DAY_MS);
    keys = keyClient(azure, VAULT);
    expect(await encryptBy("timed", version)).toMatchObject({
      status: 403,
      body: { error: { innererror: { code: "KeyExpired" } } },
    });
    const client = new CryptographyClient(await keys.getKey("timed"), azure.credential(), azure.options);
    const ciphertext = Buffer.from(String(body.value), "base64url");
    const opened = await client.decrypt({ algorithm: "RSA-OAEP-256", ciphertext });
    expect(Buffer.from(opened.result)).toEqual(digest);
  });

  it("an API version that there never was, an unknown path, a vault of nobody", async () => {
    const token = await azure.token("https://vault.azure.net/.default");
    const base = `https://${VAULT}.vault.azure.net`;
    const version = await azure.ask("GET", `${base}/keys/first?api-version=1.0`, { token });
    expect(version).toMatchObject({ status: 400, body: { error: { code: "BadParameter" } } });
    const path = await azure.ask("GET", `${base}/certificates?api-version=7.6`, { token });
    expect(path.status).toBe(404);
    const nobody = await azure.ask("GET", "https://nobodys-kv.vault.azure.net/keys?api-version=7.6", {
      token,
    });
    expect(nobody.status).toBe(502);
  });
});
