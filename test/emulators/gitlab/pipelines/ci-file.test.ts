import { describe, expect, test } from "vitest";
import { checkCiFile } from "../../../../sandbox/emulators/gitlab/pipelines/config/ci-file";

const HEADER = "spec:\n  inputs:\n    key:\n    level:\n      type: number\n      default: 1\n---\n";

/** Checks `.gitlab-ci.yml` among files. */
function check(files: Readonly<Record<string, string>>, given: Readonly<Record<string, unknown>> = {}) {
  return checkCiFile(".gitlab-ci.yml", given, async (path) => files[path]);
}

describe("a CI file", () => {
  test("passes on the inputs that it takes", async () => {
    await expect(check({ ".gitlab-ci.yml": `${HEADER}a: {script: "true"}` }, { key: "k" })).resolves.toEqual({
      key: "k",
    });
  });

  test("may use references, anchors and inputs of its own for another file's", async () => {
    const files = {
      ".gitlab-ci.yml": `${HEADER}include:\n  - local: /ci/job.yml\n    inputs: {key: "x", level: "$[[ inputs.level ]]"}\na:\n  script: !reference [.b, script]\n`,
      "ci/job.yml": `${HEADER}b: {script: "true"}`,
    };
    await expect(check(files, { key: "k" })).resolves.toEqual({ key: "k" });
  });

  test.each([
    ["is missing", {}, {}, "Missing CI config file"],
    [
      "has no header for inputs",
      { ".gitlab-ci.yml": "a: {script: x}" },
      { key: "k" },
      "`.gitlab-ci.yml`: Given inputs not defined in the `spec` section of the included configuration file",
    ],
    [
      "does not know an input",
      { ".gitlab-ci.yml": `${HEADER}a: {script: x}` },
      { key: "k", keys: "k" },
      "`.gitlab-ci.yml`: unknown input arguments: keys",
    ],
    [
      "gives an included file an input that it does not know",
      {
        ".gitlab-ci.yml": "include: {local: ci/job.yml, inputs: {key: k, lvl: 2}}",
        "ci/job.yml": `${HEADER}b: {script: x}`,
      },
      {},
      "`ci/job.yml`: unknown input arguments: lvl",
    ],
    [
      "gives an included file a value of the wrong type",
      {
        ".gitlab-ci.yml": "include: [{local: ci/job.yml, inputs: {key: k, level: high}}]",
        "ci/job.yml": `${HEADER}b: {script: x}`,
      },
      {},
      "`ci/job.yml`: `level` input: provided value is not a number",
    ],
    [
      "includes what is not there",
      { ".gitlab-ci.yml": "include: ci/none.yml" },
      {},
      "Local file `ci/none.yml` does not exist!",
    ],
  ])("is refused when it %s", async (_what, files, given, message) => {
    await expect(check(files, given)).rejects.toMatchObject({ name: "PipelineRefused", message });
  });

  test("that is no YAML is refused with the place", async () => {
    await expect(check({ ".gitlab-ci.yml": "a: [1\nb: 2" })).rejects.toThrow(
      /^`\.gitlab-ci\.yml`: \(<unknown>\): .* at line \d+, column \d+/,
    );
  });
});
