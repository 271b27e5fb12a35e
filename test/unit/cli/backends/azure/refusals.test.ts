import { describe, expect, test } from "vitest";
import { azureKey } from "../../../../../cli/backends/azure/azure-key";
import { vaultHost } from "../../../../../cli/backends/azure/clouds";
import { refusal } from "../../../../../cli/backends/azure/refusals";

function keyOf(vault: string) {
  const fields = { vault_url: vault, name: "sops" };
  return azureKey({ kind: "azure_kv", group: 0, key: `${vault}/keys/sops`, wrapped: "", fields });
}

const VAULT = "https://kv.vault.azure.net";
const answer = (status: number, code = "", message = "") => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify({ error: { code: "Forbidden", message, innererror: { code } } })),
});

describe("a refusal says what would mend it", () => {
  test.each<[string, "read" | "decrypt", string | undefined, ReturnType<typeof answer>, string]>([
    [
      VAULT,
      "decrypt",
      "a1",
      answer(403, "KeyOperationForbidden", "Operation decrypt is not permitted on this key."),
      `version a1 of ${VAULT}/keys/sops is not made to decrypt: its key operations leave that out`,
    ],
    [
      VAULT,
      "read",
      undefined,
      answer(403, "AccessDenied", "does not have keys get permission"),
      `${VAULT} does not let this identity read by sops: it needs Microsoft.KeyVault/vaults/keys/read on the key, as Key Vault Crypto User has it (AccessDenied)`,
    ],
    [
      "https://one.managedhsm.azure.net",
      "decrypt",
      "a1",
      answer(403),
      "https://one.managedhsm.azure.net does not let this identity decrypt by sops: it needs Microsoft.KeyVault/managedHsm/keys/decrypt/action on the key, as Managed HSM Crypto User has it (Forbidden)",
    ],
    [
      VAULT,
      "read",
      undefined,
      { ...answer(418), body: Buffer.from("<html>") },
      `${VAULT} answered 418 for ${VAULT}/keys/sops`,
    ],
    [
      VAULT,
      "read",
      undefined,
      answer(400, "BadParameter", "two\r\nlines"),
      `${VAULT} answered 400 for ${VAULT}/keys/sops: BadParameter: two lines`,
    ],
  ])("%s, %s", (vault, verb, version, told, line) => {
    expect(refusal(keyOf(vault), verb, version, told)).toBe(line);
  });

  test("a name that would lead elsewhere is no key's", () => {
    for (const name of ["", "..", "a/b", "a?b", "a b", "ä", "x".repeat(128)]) {
      const fields = { vault_url: VAULT, name };
      const recipient = {
        kind: "azure_kv",
        group: 0,
        key: `${VAULT}/keys/${name}`,
        wrapped: "",
        fields,
      } as const;
      expect(() => azureKey(recipient), name).toThrow("names no key of an Azure Key Vault");
    }
  });
});

test.each([
  ["kv.vault.azure.net", "https://vault.azure.net", "Azure"],
  ["KV-1.Vault.Azure.Net", "https://vault.azure.net", "Azure"],
  ["one.managedhsm.azure.net", "https://managedhsm.azure.net", "Azure"],
  ["kv.vault.azure.cn", "https://vault.azure.cn", "Azure in China"],
  ["kv.vault.usgovcloudapi.net", "https://vault.usgovcloudapi.net", "Azure for the US government"],
  ["vault.azure.net", undefined, undefined],
  ["a.b.vault.azure.net", undefined, undefined],
  ["kv.vault.azure.net.", undefined, undefined],
  ["kv.privatelink.vaultcore.azure.net", undefined, undefined],
  ["kv-vault.azure.net", undefined, undefined],
  ["127.0.0.1", undefined, undefined],
])("%s: %s", (host, resource, cloud) => {
  const found = vaultHost(host);
  expect([found?.resource, found?.cloud.name]).toEqual([resource, cloud]);
});
