import { describe, expect, test } from "vitest";
import { readSopsFile } from "../../../../cli/sops-file/read-sops-file";
import type { SopsFile } from "../../../../cli/sops-file/sops-file";
import { AZURE, NEW, OLD, SAMPLES } from "./samples";

function read(path: string, content: string): SopsFile {
  const file = readSopsFile(path, content);
  if (!file) throw new Error(`${path} is no sops file`);
  return file;
}

/** The content with a new wrapped key for its only Vault recipient. */
function moved(path: string, content: string, wrapped = NEW): string {
  const file = read(path, content);
  const changes = file.recipients
    .filter(({ kind }) => kind === "hc_vault")
    .map((recipient) => ({ recipient, wrapped }));
  return file.rewrapped(changes);
}

const FORMATS = { "a.yaml": "yaml", "a.json": "json", "a.env": "dotenv", "a.ini": "ini" } as const;
const NAMES = Object.keys(FORMATS) as (keyof typeof FORMATS)[];

describe.each(NAMES)("%s", (name) => {
  const content = SAMPLES[name];

  test("its recipient, its version and its settings are read", () => {
    const file = read(name, content);
    expect(file).toMatchObject({
      format: FORMATS[name],
      recipients: [
        {
          kind: "hc_vault",
          group: 0,
          key: "https://vault.example.com:8200/v1/transit/keys/sops",
          version: "1",
          wrapped: OLD,
          fields: {
            vault_address: "https://Vault.example.com:8200",
            engine_path: "transit",
            key_name: "sops",
            created_at: "2026-01-02T03:04:05Z",
          },
        },
      ],
      settings: { encrypted_regex: "^(data|stringData)$", mac_only_encrypted: "true", version: "3.13.3" },
    });
    expect(file.shamirThreshold).toBeUndefined();
  });

  test.each([
    ["LF", (text: string) => text],
    ["CRLF", (text: string) => text.replaceAll("\n", "\r\n")],
    ["no final line end", (text: string) => text.trimEnd()],
    ["a byte order mark", (text: string) => `\xef\xbb\xbf${text}`],
  ])("only the wrapped key changes: %s", (_, variant) => {
    const text = variant(content);
    expect(moved(name, text)).toBe(text.replace(OLD, NEW));
    expect(moved(name, moved(name, text), OLD)).toBe(text);
  });

  test("its format is told by its content, whatever its name", () => {
    if (name !== "a.json") expect(read("secret", content).format).toBe(FORMATS[name]);
  });

  test("it is torn wherever it is cut within the wrapped key", () => {
    const at = content.indexOf(OLD) + OLD.length - 5;
    expect(() => readSopsFile(name, content.slice(0, at))).toThrow(/a\.\w+.*: (cut short|.*cut short)/);
  });

  test("marks of a merge conflict are told by their line", () => {
    const torn = content.replace("\n", "\n<<<<<<< HEAD\n");
    expect(() => readSopsFile(name, torn)).toThrow(`${name}:2: holds marks of a merge conflict`);
  });
});

describe("layouts of YAML that sops does not write itself", () => {
  const yaml = SAMPLES["a.yaml"];
  test.each([
    ["enc in double quotes", yaml.replace(OLD, `"${OLD}"`)],
    ["enc in single quotes", yaml.replace(OLD, `'${OLD}'`)],
    ["a comment behind enc", yaml.replace(OLD, `${OLD} # by hand`)],
    ["a comment between", yaml.replace("          enc:", "          # the data key\n          enc:")],
    ["lists not indented", yaml.replace(/^ {8}(- )/m, "    $1").replace(/^ {10}/gm, "      ")],
    [
      "two spaces",
      yaml
        .replace(/^ {10}/gm, "      ")
        .replace(/^ {8}- /gm, "    - ")
        .replace(/^ {4}(?=[a-z])/gm, "  "),
    ],
    ["sops first", `${yaml.slice(yaml.indexOf("sops:"))}${yaml.slice(0, yaml.indexOf("sops:"))}`],
    ["enc as a block", yaml.replace(` ${OLD}`, ` |\n            ${OLD}`)],
    ["a quoted key", yaml.replace("\nsops:", '\n"sops":')],
    [
      "flow style",
      `a: 1\nsops: {mac: "ENC[AES256_GCM,data:bQ==]", lastmodified: y, version: 3.13.3, hc_vault: [{vault_address: "https://v:1", engine_path: t, key_name: k, enc: "${OLD}"}]}\n`,
    ],
    ["an anchor", yaml.replace(OLD, `&key ${OLD}`)],
  ])("%s", (_, text) => {
    expect(moved("a.yaml", text)).toBe(text.replace(OLD, NEW));
  });

  test("a wrapped key that an alias stands for is refused", () => {
    const text = yaml.replace(OLD, "*key").replace("kind: Secret", `kind: &key ${OLD}`);
    expect(() => readSopsFile("a.yaml", text)).toThrow(
      'a.yaml: hc_vault.0.enc in its "sops" is a YAML alias',
    );
  });
});

describe("documents", () => {
  const yaml = SAMPLES["a.yaml"];

  test("each copy of the metadata is rewritten", () => {
    const text = `${yaml}---\n${yaml}`;
    expect(read("a.yaml", text).recipients).toHaveLength(1);
    expect(moved("a.yaml", text)).toBe(text.replaceAll(OLD, NEW));
  });

  test("copies that differ are told", () => {
    const text = `${yaml}---\n${yaml.replace(OLD, NEW)}`;
    expect(() => readSopsFile("a.yaml", text)).toThrow(
      "a.yaml:25: document 2 names other data keys than the first",
    );
  });
});

describe("keys of every kind, in groups", () => {
  test("are read with what tells them apart", () => {
    const file = read("a.yaml", AZURE);
    expect(file.shamirThreshold).toBe(2);
    expect(file.recipients.map(({ kind, group, key, version }) => [kind, group, key, version])).toEqual([
      ["azure_kv", 0, "https://name.vault.azure.net/keys/sops", "0123456789abcdef0123456789abcdef"],
      ["kms", 1, "arn:aws:kms:eu-west-1:111122223333:key/one", undefined],
      ["gcp_kms", 1, "projects/p/locations/l/keyRings/r/cryptoKeys/sops", undefined],
      ["pgp", 1, "FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4", undefined],
    ]);
    expect(file.recipients[1]?.fields).toMatchObject({
      role: "arn:aws:iam::111122223333:role/sops",
      "context.app": "web",
    });
  });

  test("Azure's version and date move with its wrapped key", () => {
    const file = read("a.yaml", AZURE);
    const [recipient] = file.recipients;
    if (!recipient) throw new Error("no recipient");
    const version = "f".repeat(32);
    const text = file.rewrapped([{ recipient, wrapped: "bmV3", version, createdAt: "2026-06-07T08:09:10Z" }]);
    const expected = AZURE.replace("b2xk", "bmV3").replace("0123456789abcdef0123456789abcdef", version);
    expect(text).toBe(expected.replace("2026-01-02T03:04:05Z", "2026-06-07T08:09:10Z"));
  });
});

describe("files that are not of sops", () => {
  test.each([
    ["values.yaml", "sops:\n  enabled: true\n"],
    ["values.yaml", "a: 1\nsops: true\n"],
    [".sops.yaml", "creation_rules:\n  - path_regex: sops\n"],
    ["a.json", '{"sops": {"enabled": true}}'],
    ["a.json", '{"sops": "yes"}'],
    ["a.env", "sops=1\n"],
    ["a.md", "Use sops: it is\nsops:\n\nnice\n"],
    ["README.md", `# How it looks\n\n\`\`\`yaml\n${SAMPLES["a.yaml"]}\`\`\`\n`],
    ["a.bin", "\x00\x01sops\xff"],
  ])("%s: %j", (path, content) => {
    expect(readSopsFile(path, content)).toBeUndefined();
  });
});

describe("torn files", () => {
  const yaml = SAMPLES["a.yaml"];
  test.each([
    ["no enc", yaml.replace(/ +enc: .*\n/, ""), /^a\.yaml:7: a key of hc_vault lacks its "enc"/],
    [
      "no key_name",
      yaml.replace(/ +key_name: .*\n/, ""),
      /^a\.yaml:7: a key of hc_vault lacks its "key_name"/,
    ],
    [
      "cut before mac",
      yaml.slice(0, yaml.indexOf("    lastmodified")),
      /^a\.yaml:7: its "sops" has neither mac nor lastmodified/,
    ],
    [
      "no key at all",
      yaml.replace(/ {4}hc_vault:\n(?: {8}.*\n)+/, ""),
      /^a\.yaml:6: its "sops" names no key/,
    ],
    ["no base64", yaml.replace(OLD, "vault:v1:QUJ"), /^a\.yaml:8: a data key is not as Vault writes it/],
  ])("%s", (_, text, reason) => {
    expect(() => readSopsFile("a.yaml", text)).toThrow(reason);
  });

  test("JSON that is cut short is told, JSON that never was one is not", () => {
    const json = SAMPLES["a.json"];
    expect(() => readSopsFile("a.json", json.slice(0, -3))).toThrow("a.json: is not JSON any more");
    expect(readSopsFile("a.tmpl", "{{ sops }}")).toBeUndefined();
  });
});
