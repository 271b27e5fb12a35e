import { describe, expect, test } from "vitest";
import { documentsOf } from "../../../../cli/tree/kubernetes-documents";
import { mayHoldSecret, plainSecrets, substitutedFields } from "../../../../cli/tree/secrets";

const found = (text: string) => (mayHoldSecret(text) ? plainSecrets(documentsOf(text) ?? []) : []);

describe("Secrets in the clear", () => {
  test("are told by name, place and field, never by value", () => {
    const text = `apiVersion: v1
kind: ConfigMap
data: {a: b}
---
apiVersion: v1
kind: Secret
metadata: {name: db}
data:
  user: YQ==
stringData:
  password: hunter2
`;
    expect(found(text)).toEqual([{ line: 5, name: "db", fields: ["data.user", "stringData.password"] }]);
    expect(JSON.stringify(found(text))).not.toContain("hunter2");
  });

  test.each([
    ["JSON", '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"a":"YQ=="}}'],
    [
      "a list",
      "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: b}}]",
    ],
    ["quotes", "apiVersion: 'v1'\n'kind': \"Secret\"\nmetadata: {name: s}\nstringData: {a: 5}"],
    [
      "line ends of Windows",
      "apiVersion: v1\r\nkind: Secret\r\nmetadata:\r\n  name: s\r\ndata:\r\n  a: b\r\n",
    ],
  ])("in %s", (_, text) => {
    expect(found(text).map(({ name, fields }) => [name, fields.length])).toEqual([["s", 1]]);
  });

  test.each([
    ["without values", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"],
    ["with empty values", "apiVersion: v1\nkind: Secret\ndata: {a: '', b: null}\n"],
    ["encrypted", "apiVersion: v1\nkind: Secret\ndata: {a: 'ENC[AES256_GCM,data:x]'}\n"],
    [
      "with references only",
      `apiVersion: v1\nkind: Secret\nstringData: {a: '\${TOKEN}', b: '{{ .Values.b }}'}\n`,
    ],
    ["of another group", "apiVersion: x.example/v1\nkind: Secret\ndata: {a: b}\n"],
    ["that are not YAML", "apiVersion: v1\nkind: Secret\n{{- if .x }}\ndata: {a: b\n"],
    [
      "with more aliases than anybody writes",
      `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [${"*a,".repeat(200)}]\nkind: Secret\n`,
    ],
  ])("none are those %s", (_, text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("substitution", () => {
  const secret = (labels: string, value: string) =>
    documentsOf(
      `apiVersion: v1\nkind: Secret\nmetadata: ${labels}\nstringData:\n  a: ${JSON.stringify(value)}\n`,
    ) ?? [];

  test.each([
    ["{}", `abc\${X}def`, ["stringData.a"]],
    ["{}", `ENC[AES256_GCM,data:\${X}]`, []],
    ["{}", `abc$\${X}`, []],
    ["{}", "abc$X", []],
    ["{labels: {kustomize.toolkit.fluxcd.io/substitute: disabled}}", `abc\${X}`, []],
    ["{annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}}", `abc\${X}`, []],
  ])("metadata %s, value %j", (labels, value, fields) => {
    expect(substitutedFields(secret(labels, value))).toEqual(fields);
  });
});
