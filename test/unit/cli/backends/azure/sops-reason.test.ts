import { describe, expect, test } from "vitest";
import { azureReason } from "../../../../../cli/backends/azure/sops-reason";

/** As sops prints an answer. */
const answer = (status: string, body: object, indent = "") =>
  [
    "failed to encrypt sops data key with Azure Key Vault key 'https://name.vault.azure.net/keys/sops': POST https://…",
    "-".repeat(80),
    `${indent}RESPONSE ${status}`,
    "ERROR CODE: Forbidden",
    "-".repeat(80),
    JSON.stringify(body, undefined, 2),
    "",
  ].join("\n");

describe("what Azure told sops", () => {
  test("names the data action that the identity lacks", () => {
    const message =
      "Caller is not authorized to perform action on resource.\r\nCaller: appid=1;oid=2\r\nAction: 'Microsoft.KeyVault/vaults/keys/encrypt/action'\r\n";
    expect(azureReason(answer("403: 403 Forbidden", { error: { code: "Forbidden", message } }))).toBe(
      "Azure answers 403: the identity needs Microsoft.KeyVault/vaults/keys/encrypt/action on the key; give its role that data action",
    );
  });

  test("is otherwise its first line, without escapes and trace ids", () => {
    const message = 'Operation get is not allowed on a "disabled" key.\r\nmore';
    expect(azureReason(answer("403: 403 Forbidden", { error: { message } }))).toBe(
      'Azure answers 403: Operation get is not allowed on a "disabled" key.',
    );
    const body = {
      error: "unauthorized_client",
      error_description: "AADSTS700016: Application was not found. Trace ID: d5 Correlation ID: f2",
    };
    expect(azureReason(answer("400: 400 Bad Request", body, "\t\t"))).toBe(
      "Azure answers 400: AADSTS700016: Application was not found.",
    );
  });

  test("is nothing where sops failed for another reason", () => {
    expect(azureReason("Error encrypting the data key: permission denied")).toBeUndefined();
  });
});
