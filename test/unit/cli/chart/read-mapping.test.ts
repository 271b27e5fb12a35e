import { describe, expect, test } from "vitest";
import { readMapping } from "../../../../cli/chart/mapping/read-mapping";

const problemsOf = (text: string) => readMapping("m.yaml", text, "shop").problems;
const secretWith = (line: string) => `secrets:\n  - name: a\n    ${line}\n    keys: { k: V }\n`;

describe("a mapping file", () => {
  test("in its short and its long form", () => {
    const { secrets, problems } = readMapping(
      "m.yaml",
      [
        "secrets:",
        "  - name: a",
        "    keys:",
        "      one: ONE",
        "      two: { variable: TWO, form: base64, optional: true }",
        "  - name: b",
        "    namespace: edge",
        "    type: example.com/own",
        "    labels: { app: b }",
        "    annotations: { example.com/why: because }",
        "    file: own/b.yaml",
        "    keys: { .dotted-Key_1: THREE }",
      ].join("\n"),
      "shop",
    );
    expect(problems).toEqual([]);
    expect(secrets.map(({ where, ...rest }) => ({ ...rest, where: where() }))).toEqual([
      {
        name: "a",
        namespace: "shop",
        type: "Opaque",
        labels: {},
        annotations: {},
        keys: [
          { key: "one", variable: "ONE", form: "line", optional: false },
          { key: "two", variable: "TWO", form: "base64", optional: true },
        ],
        file: "secrets/a.sops.yaml",
        where: "m.yaml:2",
      },
      {
        name: "b",
        namespace: "edge",
        type: "example.com/own",
        labels: { app: "b" },
        annotations: { "example.com/why": "because" },
        keys: [{ key: ".dotted-Key_1", variable: "THREE", form: "line", optional: false }],
        file: "own/b.yaml",
        where: "m.yaml:6",
      },
    ]);
  });

  test("Secrets of one name in several namespaces have files of their own", () => {
    const text =
      "secrets:\n  - { name: a, keys: { k: V } }\n  - { name: a, namespace: edge, keys: { k: V } }\n";
    expect(readMapping("m.yaml", text, "shop").secrets.map(({ file }) => file)).toEqual([
      "secrets/a.sops.yaml",
      "secrets/edge/a.sops.yaml",
    ]);
    expect(readMapping("m.yaml", text, undefined).secrets[0]).not.toHaveProperty("namespace");
  });

  test.each([
    ["", "m.yaml:1: the file "],
    ["secrets: []\n", "m.yaml:1: secrets: names no Secret"],
    ["secrets:\n  - { name: a, keys: {} }\n", "m.yaml:2: secrets[0].keys: names no key"],
    ["secrets:\n  - { name: A, keys: { k: V } }\n", "m.yaml:2: secrets[0].name: is no name of a Secret"],
    [secretWith("namespace: a.b"), "m.yaml:3: secrets[0].namespace: is no name of a namespace"],
    [secretWith("labels: { app: 'two words' }"), "m.yaml:3: secrets[0].labels.app: is no value of a label"],
    [secretWith("annotations: { 'a b': x }"), "m.yaml:3: secrets[0].annotations.a b: is no key of a label"],
    [secretWith("file: ../a.yaml"), "m.yaml:3: secrets[0].file: is no path for a Secret"],
    [secretWith("file: /a.yaml"), "m.yaml:3: secrets[0].file: is no path for a Secret"],
    [secretWith("file: a.json"), "m.yaml:3: secrets[0].file: is no path for a Secret"],
    [secretWith("file: chart.yaml"), "m.yaml:3: secrets[0].file: is no path for a Secret"],
    [secretWith("file: x/kustomization.yaml"), "m.yaml:3: secrets[0].file: is no path for a Secret"],
    [secretWith("immutable: true"), "m.yaml:2: secrets[0]: unrecognized key"],
    ["secrets:\n  - { name: a, keys: { k: 2V } }\n", "m.yaml:2: secrets[0].keys.k: is no name of a variable"],
    [
      "secrets:\n  - { name: a, keys: { k: { form: line } } }\n",
      "has to be the name of a variable, or variable with",
    ],
    [
      "secrets:\n  - { name: a, keys: { k: HELM_DRIVER } }\n",
      "secrets[0].keys.k: is a variable that helm itself reads; give the value another name",
    ],
    [
      "secrets:\n  - { name: a, keys: { k: CI_JOB_TOKEN } }\n",
      "secrets[0].keys.k: is a credential of the job itself, which no Secret may hold; take it out",
    ],
    [
      "secrets:\n  - { name: a, keys: { k: { variable: VAULT_ID_TOKEN, optional: true } } }\n",
      "secrets[0].keys.k.variable: is a credential of the job itself",
    ],
    ["secrets:\n  - { name: a, keys: { ..k: V } }\n", "secrets[0].keys...k: is no key of a Secret"],
    ["secrets:\n  - { name: a, keys: { k: V, k: W } }\n", "not YAML: duplicated mapping key"],
    [
      "secrets:\n  - name: a\n    type: kubernetes.io/basic-auth\n    keys: { user: V }\n",
      "type kubernetes.io/basic-auth needs username or password, and not optional",
    ],
    [
      "secrets:\n  - name: a\n    type: kubernetes.io/ssh-auth\n    keys: { ssh-privatekey: { variable: V, optional: true } }\n",
      "type kubernetes.io/ssh-auth needs ssh-privatekey, and not optional",
    ],
  ])("%j is refused", (text, problem) => {
    expect(problemsOf(text)[0]).toContain(problem);
  });

  test("two files that differ in case only are one on some disks", () => {
    const text = [
      "secrets:",
      "  - { name: a, file: A.yaml, keys: { k: V } }",
      "  - { name: b, file: a.yaml, keys: { k: V } }",
    ].join("\n");
    expect(problemsOf(text)).toEqual([
      "m.yaml:3: Secret shop/b would be written to a.yaml, as the one at m.yaml:2; give one of them another file",
    ]);
  });
});
