import { describe, expect, test } from "vitest";
import { flawOf, wrappedKey } from "../../../../../cli/backends/vault/wrapped-key";

const payload = (bytes: number, fill: number) => Buffer.alloc(bytes, fill).toString("base64");
const OLD = `vault:v1:${payload(60, 1)}`;

describe("wrappedKey", () => {
  test("reads version and length", () => {
    expect(wrappedKey(`vault:v12:${payload(60, 1)}`)).toEqual({ version: 12, length: 60 });
    expect(wrappedKey(`vault:v1:${payload(61, 1)}`)).toEqual({ version: 1, length: 61 });
    expect(wrappedKey(`vault:v1:${payload(62, 1)}`)).toEqual({ version: 1, length: 62 });
  });

  test.each([
    "",
    "vault:v1:",
    `vault:v0:${payload(60, 1)}`,
    `vault:v01:${payload(60, 1)}`,
    `vault:v1:${payload(60, 1)}=`,
    `vault:v1:${payload(60, 1)}\n`,
    ` vault:v1:${payload(60, 1)}`,
    `vault:v1:${payload(60, 1).slice(1)}`,
    `vault:v1:${payload(60, 1)}:${payload(60, 1)}`,
    `transit:v1:${payload(60, 1)}`,
  ])("refuses %j", (text) => {
    expect(wrappedKey(text)).toBeUndefined();
  });
});

describe("flawOf", () => {
  test.each([
    [`vault:v2:${payload(60, 2)}`, undefined],
    [`vault:v3:${payload(60, 2)}`, undefined],
    [`vault:v1:${payload(60, 2)}`, "Vault wrapped it by version 1, not by the current 2"],
    [OLD, "Vault gave the old wrapped key back"],
    [`vault:v2:${payload(61, 2)}`, "Vault's answer holds 61 bytes where the old wrapped key has 60"],
    ["", "Vault's answer is not of the form vault:vN:<base64>"],
    ["vault:v2:\nenc: x", "Vault's answer is not of the form vault:vN:<base64>"],
    [undefined, "Vault's answer holds no ciphertext"],
    [7, "Vault's answer holds no ciphertext"],
  ])("%j: %s", (after, flaw) => {
    expect(flawOf(OLD, after, 2)).toBe(flaw);
  });
});
