import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { vaultSettings } from "../../../../../cli/backends/vault/vault-settings";
import { temporaryFolders } from "../../../../servers/temporary-folder";

describe("settings from the environment", () => {
  const folder = temporaryFolders();

  test("the token is VAULT_TOKEN, else that of the last login", () => {
    const home = folder();
    expect(() => vaultSettings({ HOME: home })).toThrow(
      "no Vault token: set VAULT_TOKEN, or run `vault login` (it writes ~/.vault-token)",
    );
    writeFileSync(join(home, ".vault-token"), "hvs.login\n");
    expect(vaultSettings({ HOME: home }).token).toBe("hvs.login");
    expect(vaultSettings({ HOME: home, VAULT_TOKEN: "hvs.own" }).token).toBe("hvs.own");
    expect(() => vaultSettings({ VAULT_TOKEN: "hvs.a\r\nX-Other: b" })).toThrow(
      "the Vault token holds a space or a control character; set VAULT_TOKEN anew",
    );
  });

  test("CAs come from a file, a folder, or neither", () => {
    const certificates = folder();
    writeFileSync(join(certificates, "a.pem"), "A");
    writeFileSync(join(certificates, "b.pem"), "B");
    mkdirSync(join(certificates, "folder"));
    const env = { VAULT_TOKEN: "t" };
    expect(vaultSettings(env).tls).toEqual({ rejectUnauthorized: true });
    expect(vaultSettings({ ...env, VAULT_CACERT: join(certificates, "a.pem") }).tls.ca).toBe("A");
    expect(vaultSettings({ ...env, VAULT_CAPATH: certificates }).tls.ca).toEqual(["A", "B"]);
    expect(() => vaultSettings({ ...env, VAULT_CACERT: "/nowhere/ca.pem" })).toThrow(
      "VAULT_CACERT: /nowhere/ca.pem cannot be read (ENOENT); name a PEM file that can",
    );
  });

  test("namespace, server name and patience are taken over; skipped verification is warned of", () => {
    const env = {
      VAULT_TOKEN: "t",
      VAULT_NAMESPACE: "team",
      VAULT_TLS_SERVER_NAME: "vault",
      VAULT_MAX_RETRIES: "2",
    };
    expect(vaultSettings(env)).toMatchObject({ namespace: "team", retries: 2, warnings: [] });
    expect(vaultSettings(env).tls.servername).toBe("vault");
    const careless = vaultSettings({ ...env, VAULT_SKIP_VERIFY: "true" });
    expect(careless.tls.rejectUnauthorized).toBe(false);
    expect(careless.warnings).toEqual([
      "VAULT_SKIP_VERIFY is set: whoever stands between here and Vault can read the token",
    ]);
  });
});
