import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AT_DATABASE, refusalStage } from "../support/refusal-stage";

const stage = refusalStage();

describe("sopsloop chart refuses", () => {
  test("a Dhall file that does not hold, with Dhall's reason", async () => {
    stage.project.write("bad.dhall", "{ message = missing }");
    expect(stage.linesOf(await stage.project.run(["--values=bad.dhall"]), 1)).toEqual([
      expect.stringMatching(/^bad\.dhall: dhall yaml failed: /),
    ]);
  });

  test("a chart that helm refuses, with helm's reason", async () => {
    stage.project.write("chart/templates/broken.yaml", '{{ fail "no image is set" }}\n');
    expect(stage.linesOf(await stage.project.run(), 1)).toEqual([
      expect.stringMatching(/^helm template chart failed: .*no image is set$/),
    ]);
  });

  test("a chart that renders a Secret of the mapping, a Secret in plain text, or a value of one", async () => {
    stage.project.write(
      "chart/templates/secret.yaml",
      [
        "apiVersion: v1\nkind: Secret\nmetadata: { name: database, namespace: {{ .Release.Namespace }} }",
        "stringData: { a: default }\n---",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: leak }\ndata: { user: {{ .Values.user }} }\n",
      ].join("\n"),
    );
    stage.project.write("leak.yaml", `user: ${stage.project.env.DB_USER}\n`);
    expect(stage.linesOf(await stage.project.run(["--values=leak.yaml"]), 1)).toEqual([
      expect.stringMatching(
        /^chart: renders Secret .*database with stringData\.a in plain text; take it out/,
      ),
      `${AT_DATABASE} is also in what chart renders; rename one of the two, or switch the chart's off`,
      "chart: renders the value of key username of Secret shop/database in plain text; refer to the Secret instead, or take the key out of it if it is no secret",
    ]);
  });

  test("a tool that is not there", async () => {
    const bin = join(stage.project.folder, "bin");
    mkdirSync(bin);
    symlinkSync("/usr/bin/git", join(bin, "git"));
    expect(stage.linesOf(await stage.project.run([], { PATH: bin }), 1)).toEqual([
      `helm is not on PATH, or ${stage.project.folder} is no folder; sopsloop chart needs helm`,
    ]);
  });
});
