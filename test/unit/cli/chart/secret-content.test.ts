import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMapping } from "../../../../cli/chart/mapping/read-mapping";
import { contentsOf } from "../../../../cli/chart/values/secret-content";
import { Variables } from "../../../../cli/chart/values/variables";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-content-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a mapping's only Secret becomes. */
function contents(keys: string, env: Record<string, string>, type = "Opaque") {
  const { secrets, problems } = readMapping(
    "m.yaml",
    `secrets:\n  - { name: a, type: ${type}, keys: ${keys} }\n`,
    undefined,
  );
  expect(problems).toEqual([]);
  return contentsOf(secrets, Variables.of(env, new Set(Object.keys(env))), folder);
}

const dataOf = (keys: string, env: Record<string, string>) => {
  const { secrets, problems } = contents(keys, env);
  expect(problems).toEqual([]);
  return secrets[0]?.manifest.data;
};

describe("values of a Secret", () => {
  test("by form, as base64 and in one order", () => {
    writeFileSync(join(folder, "bytes"), Buffer.from([0, 255]));
    const keys =
      "{ d: D, c: {variable: C, form: file}, b: {variable: B, form: base64}, a: {variable: A, form: lines} }";
    const data = dataOf(keys, { A: "one\ntwo\n", B: "AP8=\n", C: "bytes", D: "ü" });
    expect(Object.entries(data ?? {})).toEqual([
      ["a", Buffer.from("one\ntwo\n").toString("base64")],
      ["b", "AP8="],
      ["c", "AP8="],
      ["d", Buffer.from("ü").toString("base64")],
    ]);
  });

  test.each([
    ["ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]", "a value that sops encrypted"],
    ["vault:v3:YWJj", "a ciphertext of Vault's transit engine"],
    ["-----BEGIN PGP MESSAGE-----\n\nabc\n", "a message that PGP encrypted"],
    ["age-encryption.org/v1\n-> X25519 abc\n", "a file that age encrypted"],
    ["$ANSIBLE_VAULT;1.1;AES256\n6162\n", "a value that Ansible Vault encrypted"],
    ["a: ENC[AES256_GCM,data:YQ==,iv:YQ==]\nsops:\n  mac: x\n", "a file that sops encrypted"],
  ])("%j looks already encrypted, in any form", (value, what) => {
    const line = `V holds ${what}; give it the value itself, which is encrypted here`;
    writeFileSync(join(folder, "value"), value);
    const base64 = Buffer.from(value).toString("base64");
    for (const [form, text] of [
      ["lines", value],
      ["base64", base64],
      ["file", "value"],
    ])
      expect(contents(`{ k: {variable: V, form: ${form}} }`, { V: text ?? "" }).problems).toEqual([
        `m.yaml:2: Secret a, key k: ${line}`,
      ]);
  });

  test.each(["encrypted", "vault:secret/data/x#key", "-----BEGIN CERTIFICATE-----", "ENC[not sops]"])(
    "%j does not",
    (value) => {
      expect(dataOf("{ k: V }", { V: value })).toEqual({ k: Buffer.from(value).toString("base64") });
    },
  );

  test.each([
    [
      "{ k: {variable: V, form: file} }",
      "no-such-file",
      "V is declared with form: file, but names no file that can be read (ENOENT)",
    ],
    ["{ k: {variable: V, form: base64} }", "YQ", "V is not base64"],
    ["{ k: {variable: V, form: base64} }", "  ", "V is not base64"],
    ["{ k: V }", "a\ufffdb", "V holds bytes that are not UTF-8"],
    ["{ k: V }", "a\r\n", "V ends in a line end"],
  ])("%s of %j is refused, and not quoted", (keys, value, problem) => {
    const { problems } = contents(keys, { V: value });
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  test("more than Kubernetes takes is refused", () => {
    const { problems } = contents("{ a: V, b: V }", { V: "x".repeat(600_000) });
    expect(problems).toEqual([
      "m.yaml:2: Secret a holds 1200000 bytes, and Kubernetes takes 1048576 at most; split it",
    ]);
  });

  test("a docker config has to be a JSON object", () => {
    const type = "kubernetes.io/dockerconfigjson";
    expect(contents("{ .dockerconfigjson: V }", { V: '{"auths":{}}' }, type).problems).toEqual([]);
    expect(contents("{ .dockerconfigjson: V }", { V: "hunter2" }, type).problems).toEqual([
      `m.yaml:2: Secret a, key .dockerconfigjson: its value is no JSON object, which type ${type} needs`,
    ]);
  });
});

describe("variables", () => {
  test("of the mapping reach no tool, and an env file may not contradict the environment", () => {
    const env = { A: "secret", B: "other", PATH: "/bin" };
    const text = "A=secret\nB=another\nPATH=/elsewhere\n";
    const variables = Variables.of(env, new Set(["A", "B"]), { name: "x.env", text });
    expect(variables.others).toEqual({ PATH: "/bin" });
    expect(variables.problems).toEqual([
      "x.env:2: B is another one than in the environment; unset one of the two: unset B",
    ]);
  });
});
