import { describe, expect, test } from "vitest";
import { flawOfRewrap, isPlainSwap } from "../../../../cli/rewrap/file-check";
import { isRewrap } from "../../../../cli/rewrap/own-changes";
import { readSopsFile } from "../../../../cli/sops-file/read-sops-file";
import type { SopsFile } from "../../../../cli/sops-file/sops-file";

const key = (version: number, fill: number) =>
  `vault:v${version}:${Buffer.alloc(60, fill).toString("base64")}`;
const recipient = (wrapped: string, name = "sops") => `        - vault_address: https://vault.example:8200
          engine_path: transit
          key_name: ${name}
          created_at: "2026-01-01T00:00:00Z"
          enc: ${wrapped}
`;
const yaml = (...recipients: string[]) => `a: ENC[AES256_GCM,data:eHg=,iv:eHg=,tag:eHg=,type:str]
sops:
    hc_vault:
${recipients.join("")}    lastmodified: "2026-01-01T00:00:00Z"
    mac: ENC[AES256_GCM,data:eHg=,iv:eHg=,tag:eHg=,type:str]
    version: 3.13.3
`;
const [OLD, FRESH, OTHER] = [key(1, 1), key(2, 2), key(1, 3)];
const BEFORE = yaml(recipient(OLD), recipient(OTHER, "other"));

function read(content: string): SopsFile {
  const file = readSopsFile("a.yaml", content);
  if (!file) throw new Error("no sops file");
  return file;
}

/** The check, where the first recipient was asked to move. */
function flaw(content: string): string | undefined {
  const before = read(BEFORE);
  const [first] = before.recipients;
  return flawOfRewrap(
    before,
    first ? [{ recipient: first, wrapped: FRESH }] : [],
    readSopsFile("a.yaml", content),
  );
}

describe("a rewrapped file", () => {
  test("passes when nothing but the wrapped key differs", () => {
    expect(flaw(BEFORE.replace(OLD, FRESH))).toBeUndefined();
  });

  test.each([
    ["nothing changed", BEFORE, "a wrapped key is not where it should be"],
    [
      "another recipient moved too",
      BEFORE.replace(OLD, FRESH).replace(OTHER, key(2, 9)),
      "a wrapped key is not where it should be",
    ],
    [
      "a value changed",
      BEFORE.replace(OLD, FRESH).replace("data:eHg=", "data:eHk="),
      "more than wrapped keys differs",
    ],
    [
      "the MAC changed",
      BEFORE.replace(OLD, FRESH).replace("mac: ENC[AES256_GCM,data:eHg=", "mac: ENC[AES256_GCM,data:eHk="),
      "its settings differ",
    ],
    [
      "another key's name",
      BEFORE.replace(OLD, FRESH).replace("key_name: other", "key_name: evil"),
      "its recipients differ",
    ],
    [
      "a recipient more",
      yaml(recipient(FRESH), recipient(OTHER, "other"), recipient(FRESH)),
      "the number of its recipients differs",
    ],
    ["a comment more", `# more\n${BEFORE.replace(OLD, FRESH)}`, "more than wrapped keys differs"],
    ["a line end less", BEFORE.replace(OLD, FRESH).slice(0, -1), "more than wrapped keys differs"],
    ["no sops file", "a: b\n", "it is no sops file any more"],
  ])("does not pass with %s", (_, content, expected) => {
    expect(flaw(content)).toBe(expected);
  });

  test("is known quickly where each wrapped key stands once", () => {
    const before = read(BEFORE);
    const [first] = before.recipients;
    if (!first) throw new Error("no recipient");
    const changes = [{ recipient: first, wrapped: FRESH }];
    expect(isPlainSwap(before, changes, BEFORE.replace(OLD, FRESH))).toBe(true);
    expect(isPlainSwap(before, changes, `${BEFORE.replace(OLD, FRESH)}\n`)).toBe(false);
    expect(isPlainSwap(before, [{ recipient: first, wrapped: `${FRESH}\nx: y` }], BEFORE)).toBe(false);
    const twice = read(yaml(recipient(OLD), recipient(OLD, "other")));
    const [same] = twice.recipients;
    if (!same) throw new Error("no recipient");
    expect(isPlainSwap(twice, [{ recipient: same, wrapped: FRESH }], twice.content.replace(OLD, FRESH))).toBe(
      false,
    );
  });
});

describe("a change is a rewrap", () => {
  test("when wrapped keys are newer, and nothing else differs", () => {
    expect(isRewrap("a.yaml", BEFORE, BEFORE.replace(OLD, FRESH))).toBe(true);
    expect(isRewrap("a.yaml", BEFORE, BEFORE.replace(OLD, FRESH).replace(OTHER, key(3, 4)))).toBe(true);
  });

  test.each([
    ["nothing", BEFORE],
    ["an older key", BEFORE.replace(OLD, FRESH).replace(OTHER, key(1, 4))],
    ["a value too", BEFORE.replace(OLD, FRESH).replace("data:eHg=", "data:eHk=")],
    ["a merge conflict", `<<<<<<< HEAD\n${BEFORE.replace(OLD, FRESH)}>>>>>>> x\n`],
    ["all of it", ""],
  ])("not when %s differs", (_, after) => {
    expect(isRewrap("a.yaml", BEFORE, after)).toBe(false);
  });
});

describe("a change of Azure's keys is a rewrap", () => {
  const [V1, V2] = ["a1".repeat(16), "b2".repeat(16)];
  const [WRAP1, WRAP2] = ["A".repeat(342), "B".repeat(342)];
  const azure = (version: string, time: string, wrapped: string) => `    azure_kv:
        - vault_url: https://v.vault.azure.net
          name: sops
          version: ${version}
          created_at: "${time}"
          enc: ${wrapped}
`;
  const file = (entry: string, vault = OLD) =>
    yaml(recipient(vault)).replace("    lastmodified", `${entry}    lastmodified`);
  const [THEN, LATER] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"];
  const before = file(azure(V1, THEN, WRAP1));
  const moved = file(azure(V2, LATER, WRAP2));

  test("with another version, a time that is no earlier and another wrapped key; Vault's beside it too", () => {
    expect(isRewrap("a.yaml", before, moved)).toBe(true);
    expect(isRewrap("a.yaml", before, file(azure(V2, THEN, WRAP2)))).toBe(true);
    expect(isRewrap("a.yaml", before, file(azure(V2, LATER, WRAP2), FRESH))).toBe(true);
  });

  test.each([
    ["the wrapped key alone differs", file(azure(V1, LATER, WRAP2))],
    ["the version alone differs", file(azure(V2, LATER, WRAP1))],
    ["it is from an earlier time", moved.replace(LATER, "2025-12-31T00:00:00Z")],
    ["the time is written otherwise", moved.replace(LATER, "2026-01-02T00:00:00+00:00")],
    ["the wrapped key is cut short", file(azure(V2, LATER, "B".repeat(341)))],
    ["its quoting differs", moved.replace(`"${LATER}"`, `'${LATER}'`)],
    ["another vault is named", moved.replace("v.vault", "w.vault")],
    ["a value differs", moved.replace("data:eHg=", "data:eHk=")],
    ["there is a comment more", `# more\n${moved}`],
    ["the time of Vault's key differs", moved.replace(`"${THEN}"`, `"${LATER}"`)],
  ])("not when %s", (_, after) => {
    expect(after).not.toBe(before);
    expect(isRewrap("a.yaml", before, after)).toBe(false);
  });

  test("not when a document of several was edited by hand", () => {
    const two = (one: string, other: string) => `${one}---\n${other}`;
    expect(isRewrap("a.yaml", two(before, before), two(moved, moved))).toBe(true);
    const edited = moved.replace(V2, "c3".repeat(16));
    expect(isRewrap("a.yaml", two(before, before), two(moved, edited))).toBe(false);
  });

  test("only where this run moves such keys", () => {
    expect(isRewrap("a.yaml", before, moved, "azure_kv")).toBe(true);
    expect(isRewrap("a.yaml", before, moved, "hc_vault")).toBe(false);
    expect(isRewrap("a.yaml", before, file(azure(V2, LATER, WRAP2), FRESH), "azure_kv")).toBe(false);
  });
});
