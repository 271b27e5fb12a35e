import { describe, expect, test } from "vitest";
import { MAPPING } from "../support/chart-project";
import { refusalStage } from "../support/refusal-stage";

const stage = refusalStage();

describe("sopsloop chart refuses", () => {
  test.each([
    [
      "two Secrets of one name",
      `${MAPPING}  - name: database\n    keys: { a: DB_USER }\n`,
      ["secrets.yaml:15: Secret shop/database is declared at secrets.yaml:2 already; join the two"],
    ],
    [
      "two that would lie in one file",
      `${MAPPING}  - name: other\n    file: secrets/database.sops.yaml\n    keys: { a: DB_USER }\n`,
      [
        "secrets.yaml:15: Secret shop/other would be written to secrets/database.sops.yaml, as the one at secrets.yaml:2; give one of them another file",
      ],
    ],
    [
      "an invalid key",
      "secrets:\n  - name: a\n    keys:\n      user name: DB_USER\n",
      [
        "secrets.yaml:4: secrets[0].keys.user name: is no key of a Secret: letters, digits, -, _ and . only, at most 253; see docs/chart.md",
      ],
    ],
    [
      "a type without the keys it needs",
      "secrets:\n  - name: a\n    type: kubernetes.io/tls\n    keys: { tls.crt: DB_USER }\n",
      [
        "secrets.yaml:4: secrets[0].keys: type kubernetes.io/tls needs tls.key, and not optional; see docs/chart.md",
      ],
    ],
    ["what is not YAML", "secrets: [\n", [expect.stringMatching(/^secrets\.yaml:2: not YAML: /)]],
  ] as const)("a mapping with %s", async (_, mapping, lines) => {
    stage.project.write("secrets.yaml", mapping);
    expect(stage.linesOf(await stage.project.run(), 2)).toEqual(lines);
  });

  test.each([
    ["--mapping=none.yaml", "--mapping none.yaml: cannot be read (ENOENT)"],
    ["--env-file=none.env", "--env-file none.env: cannot be read (ENOENT)"],
    ["--values=none.yaml", "--values none.yaml: no such file"],
    ["--branch=main", "--branch goes with --repository; a checkout has its branch already"],
    ["--release=Shop", "--release Shop: lower-case letters, digits, - and . only, at most 53"],
    ["--namespace=a.b", "--namespace a.b: lower-case letters, digits and - only, at most 63"],
    ["--into=", "--into is empty; name a folder of the deploy repository"],
    ["--into=Shop", "--into Shop: its last part is no name of a release; give one by --release"],
  ])("%s", async (word, line) => {
    expect(stage.linesOf(await stage.project.run([word]), 2)).toEqual([line]);
  });

  test("two Dhall files", async () => {
    for (const name of ["one.dhall", "two.dhall"]) stage.project.write(name, "{ message = 1 }");
    expect(stage.linesOf(await stage.project.run(["--values=one.dhall", "--values=two.dhall"]), 2)).toEqual([
      "--values two.dhall: one Dhall file only; let it import the other (one.dhall)",
    ]);
  });
});
