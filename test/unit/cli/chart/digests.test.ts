import { createHmac, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { digestInput } from "../../../../cli/chart/digests/digest-input";
import { isMarked, MARK, marked, markedFile } from "../../../../cli/chart/digests/digest-line";
import { OwnKeyDigests } from "../../../../cli/chart/digests/own-key-digests";
import type { SecretManifest } from "../../../../cli/chart/values/secret-content";
import { SopsConfig } from "../../../../cli/rules/sops-config";

const MANIFEST: SecretManifest = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "a" },
  type: "Opaque",
  data: { k: "aHVudGVyMg==" },
};
const FILE = [
  "data:",
  "    k: ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]",
  "sops:",
  "    hc_vault:",
  "        - vault_address: https://vault.example.com",
  "          created_at: '2026-01-01T00:00:00Z'",
  "          enc: vault:v1:YWFh",
  "    mac: ENC[AES256_GCM,data:bQ==,iv:YQ==,tag:YQ==,type:str]",
  "",
].join("\n");
const SALT = "A".repeat(22);

const VERSIONS = ["0123456789abcdef".repeat(2), "fedcba9876543210".repeat(2)] as const;
const WITH_AZURE = FILE.replace(
  "    hc_vault:",
  [
    "    azure_kv:",
    "        - vault_url: https://name.vault.azure.net",
    "          name: sops",
    `          version: ${VERSIONS[0]}`,
    "          created_at: '2026-01-01T00:00:00Z'",
    `          enc: ${"Ab_-".repeat(86)}`,
    "    hc_vault:",
  ].join("\n"),
);

function ruleOf(regex: string, key = "sops") {
  const rule = {
    encrypted_regex: regex,
    hc_vault_transit_uri: `https://vault.example.com/v1/transit/keys/${key}`,
  };
  const found = new SopsConfig(JSON.stringify({ creation_rules: [rule] })).ruleFor("a.yaml");
  if (!found) throw new Error("the rule is for every file");
  return found;
}
const RULE = ruleOf("^data$");
const input = (manifest = MANIFEST, rule = RULE, salt = SALT, file = FILE) =>
  digestInput(manifest, rule, salt, file).toString("hex");

describe("the digest of an encrypted Secret", () => {
  test("stays the same when the data key is wrapped anew", () => {
    expect(input(MANIFEST, RULE, SALT, FILE.replace("vault:v1:YWFh", "vault:v2:YmJi"))).toBe(input());
    expect(input(MANIFEST, RULE, SALT, FILE.replace("2026-01-01", "2026-02-02"))).toBe(input());
  });

  test("also when it is of a key in Azure, whose version moves along", () => {
    const before = input(MANIFEST, RULE, SALT, WITH_AZURE);
    const rewrapped = WITH_AZURE.replace(VERSIONS[0], VERSIONS[1])
      .replace("Ab_-".repeat(86), "-_bA".repeat(86))
      .replaceAll("2026-01-01", "2026-02-02");
    expect(input(MANIFEST, RULE, SALT, rewrapped)).toBe(before);
    expect(input(MANIFEST, RULE, SALT, WITH_AZURE.replace("name: sops", "name: other"))).not.toBe(before);
    const cutShort = WITH_AZURE.replace("Ab_-".repeat(86), "Ab_-".repeat(20));
    expect(input(MANIFEST, RULE, SALT, cutShort)).not.toBe(before);
  });

  test("but changes with a version in the Secret's own part, which sops does not move", () => {
    const labelled = (version: string) =>
      input(MANIFEST, RULE, SALT, `metadata:\n    labels:\n        version: ${version}\n${WITH_AZURE}`);
    expect(labelled(VERSIONS[0])).not.toBe(labelled(VERSIONS[1]));
  });

  test.each([
    ["the Secret", () => input({ ...MANIFEST, data: { k: "b3RoZXI=" } })],
    ["its type", () => input({ ...MANIFEST, type: "example.com/own" })],
    ["what is encrypted", () => input(MANIFEST, ruleOf("^(data|stringData)$"))],
    ["for whom", () => input(MANIFEST, ruleOf("^data$", "other"))],
    ["the salt", () => input(MANIFEST, RULE, "B".repeat(22))],
    ["a ciphertext", () => input(MANIFEST, RULE, SALT, FILE.replace("data:YQ==", "data:Yg=="))],
    [
      "the recipient in the file",
      () => input(MANIFEST, RULE, SALT, FILE.replace("example.com", "example.org")),
    ],
    ["the end, which is cut off", () => input(MANIFEST, RULE, SALT, FILE.slice(0, -20))],
  ])("changes with %s", (_, changed) => {
    expect(changed()).not.toBe(input());
  });

  test("goes to the key's server as a hash of a fixed length, whatever the Secret holds", () => {
    const large = { ...MANIFEST, data: { k: "A".repeat(100_000) } };
    expect([input().length, input(large).length]).toEqual([64, 64]);
  });
});

describe("the line that holds it", () => {
  const line = { salt: SALT, digest: "vault:v3:YWJj" };

  test("is taken apart as it was put together", () => {
    expect(markedFile(marked(FILE, line))).toEqual({ line, encrypted: FILE });
    expect(markedFile(marked(FILE))).toEqual({ encrypted: FILE });
    expect(markedFile(FILE)).toBeUndefined();
    expect(isMarked(`${MARK} and more\n`)).toBe(false);
  });

  test("that is torn is none", () => {
    expect(markedFile(marked(FILE, line).replace(SALT, "short"))?.line).toBeUndefined();
  });
});

describe("digests by the caller's own key", () => {
  const key = randomBytes(32);
  const digests = new OwnKeyDigests(` ${key.toString("base64")}\n`);

  test("are HMACs, and match only their input", async () => {
    const [one, other] = [Buffer.from("one"), Buffer.from("other")];
    const [digest = ""] = await digests.make([one]);
    expect(digest).toBe(`key:${createHmac("sha256", key).update(one).digest("base64")}`);
    expect(
      await digests.match([
        { input: one, digest },
        { input: other, digest },
        { input: one, digest: digest.replace("key:", "vault:v1:") },
      ]),
    ).toEqual([true, false, false]);
  });
});
