import { describe, expect, test } from "vitest";
import { operationsOf } from "../../../../cli/verify/azure/data-actions";

const KEYS = "Microsoft.KeyVault/vaults/keys";

describe("what a role allows with a key", () => {
  test.each([
    ["the program's own for Flux", [{ dataActions: [`${KEYS}/decrypt/action`] }], ["decrypt"]],
    [
      "the program's own for the rewrap job",
      [{ dataActions: [`${KEYS}/read`, `${KEYS}/encrypt/action`, `${KEYS}/decrypt/action`] }],
      ["read", "encrypt", "decrypt"],
    ],
    [
      "one with a star in the middle, in other letters",
      [{ dataActions: ["microsoft.keyvault/vaults/*/DECRYPT/action"] }],
      ["decrypt"],
    ],
    [
      "everything but what is taken back",
      [{ dataActions: [`${KEYS}/*`], notDataActions: [`${KEYS}/*/action`] }],
      ["read", "delete"],
    ],
    [
      "what one part takes back, and another gives",
      [
        { dataActions: [`${KEYS}/*`], notDataActions: [`${KEYS}/*`] },
        { dataActions: [`${KEYS}/unwrap/action`] },
      ],
      ["unwrap"],
    ],
    ["secrets only", [{ dataActions: ["Microsoft.KeyVault/vaults/secrets/*"] }], []],
    ["a name that only looks alike", [{ dataActions: [`${KEYS}/decrypt/actionX`] }], []],
    ["nothing of the data plane", [{}], []],
  ])("%s", (_, permissions, operations) => {
    expect(operationsOf(permissions)).toEqual(operations);
  });
});
