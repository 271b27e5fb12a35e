import { describe, expect, test } from "vitest";
import { keyRights } from "../../../../../cli/preview-comment/access/key-rights";
import { policyRules } from "../../../../../cli/preview-comment/access/policy-rules";
import { keyGrants, policyText } from "../../../../../components/vault/policy-text";

const rightsBy = (...texts: readonly string[]) =>
  keyRights(
    texts.flatMap((text) => policyRules(text) ?? []),
    "transit",
    "sops",
  );
const allow = (path: string, ...capabilities: readonly string[]) =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }\n`;

test("every policy of the program is read as what it is for", () => {
  const grants = keyGrants("transit", "sops");
  expect(
    Object.fromEntries(Object.entries(grants).map(([name, list]) => [name, rightsBy(policyText(list))])),
  ).toEqual({
    guide: ["decrypt", "encrypt"],
    decrypt: ["decrypt"],
    pipeline: ["encrypt", "rewrap"],
    status: ["read versions"],
    rewrap: ["rewrap", "read versions"],
    chart: ["encrypt", "hmac"],
  });
});

describe("which path decides, by Vault's rules of priority", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["another key", [allow("transit/decrypt/other", "update")], []],
    ["another capability", [allow("transit/decrypt/sops", "read", "list", "create")], []],
    [
      "a glob at the end",
      [allow("transit/*", "update")],
      ["decrypt", "data keys in clear", "configure", "rotate", "encrypt", "rewrap", "hmac"],
    ],
    ["a glob within a segment", [allow("transit/decrypt/so*", "update")], ["decrypt"]],
    ["a plus for one segment", [allow("+/decrypt/sops", "update")], ["decrypt"]],
    ["a plus for no more than one", [allow("+/sops", "update")], []],
    [
      "pluses before a glob",
      [allow("+/+/so*", "update")],
      ["decrypt", "configure", "rotate", "encrypt", "rewrap", "hmac"],
    ],
    ["an asterisk in the middle is itself", [allow("transit/*/sops", "update")], []],
    [
      "the exact path before the glob, though it gives less",
      [allow("transit/*", "update"), allow("transit/decrypt/sops", "read")],
      ["data keys in clear", "configure", "rotate", "encrypt", "rewrap", "hmac"],
    ],
    [
      "the longer glob before the shorter",
      [allow("transit/*", "update"), allow("transit/dec*", "deny")],
      ["data keys in clear", "configure", "rotate", "encrypt", "rewrap", "hmac"],
    ],
    [
      "the later wildcard before the earlier",
      [allow("+/decrypt/sops", "update"), allow("transit/decrypt/*", "read")],
      [],
    ],
    [
      "the same path in two policies",
      [allow("transit/keys/sops", "read"), allow("transit/keys/sops", "delete")],
      ["delete", "read versions"],
    ],
    [
      "a denial of the same path",
      [allow("transit/decrypt/sops", "update"), allow("transit/decrypt/sops", "deny")],
      [],
    ],
    ["encrypt by create as well", [allow("transit/encrypt/sops", "create")], ["encrypt"]],
    [
      "what takes the key away",
      [allow("transit/export/encryption-key/sops", "read"), allow("transit/backup/sops", "read")],
      ["export", "backup"],
    ],
    ["what old policies said", ['path "transit/decrypt/sops" { policy = "write" }'], ["decrypt"]],
    ["a slash in front", [allow("/transit/decrypt/sops", "update")], ["decrypt"]],
    ["nothing at all", [""], []],
  ])("%s", (_, texts, rights) => {
    expect(rightsBy(...texts)).toEqual(rights);
  });
});

test("comments, parameters and other blocks are read over", () => {
  const text = `
    # path "transit/decrypt/sops" { capabilities = ["update"] }
    // not this either
    /* nor { this */
    path "transit/encrypt/sops" {
      capabilities = ["update", # with a comment
        "create"]
      allowed_parameters = { "plaintext" = [], "*" = ["a}"] }
      min_wrapping_ttl = "1s"
    }
    "path" "transit/rewrap/sops" { "capabilities" = ["update"] }`;
  expect(rightsBy(text)).toEqual(["encrypt", "rewrap"]);
});

test.each([
  ["a template, which who asks fills in", 'path "secret/{{identity.entity.id}}" { capabilities = ["read"] }'],
  ["a block that is none", 'rule "x" { capabilities = ["read"] }'],
  ["no end", 'path "x" { capabilities = ["read"'],
  ["no value", 'path "x" { capabilities = }'],
  ["signs that HCL has not", 'path "x" { capabilities = ["read"] } ;'],
  ["a letter of a capability as HCL alone writes it", 'path "x" { capabilities = ["\\x75pdate"] }'],
  ["a letter of a key as HCL alone writes it", 'path "x" { "c\\x61pabilities" = ["update"] }'],
  ["a text without its end", 'path "x { capabilities'],
])("%s: not read at all, rather than half", (_, text) => {
  expect(policyRules(text)).toBeUndefined();
});
