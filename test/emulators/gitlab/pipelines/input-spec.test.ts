import { describe, expect, test } from "vitest";
import { checkInputs } from "../../../../sandbox/emulators/gitlab/pipelines/config/input-spec";

const SPECS = {
  stage: { default: "test" },
  key: null,
  retries: { type: "number", default: 1 },
  tags: { type: "array", default: [] },
  dry: { type: "boolean", default: false },
  backend: { default: "vault", options: ["vault", "azure"] },
  version: { default: "v1", regex: "^v\\d+$" },
};

describe("the inputs of a CI file", () => {
  test("take what fits, and read what a form can only send as text", () => {
    const { values, errors } = checkInputs(SPECS, {
      key: "sops",
      retries: "3",
      tags: '["a","b"]',
      dry: "true",
      version: "v12",
    });
    expect(errors).toEqual([]);
    expect(values).toEqual({ key: "sops", retries: 3, tags: ["a", "b"], dry: true, version: "v12" });
  });

  test.each([
    ["an unknown one", { key: "x", kee: "y", other: 1 }, "unknown input arguments: kee, other"],
    ["a required one that is left out", {}, "`key` input: required value has not been provided"],
    ["no number", { key: "x", retries: "many" }, "`retries` input: provided value is not a number"],
    ["no list", { key: "x", tags: "a" }, "`tags` input: provided value is not an array"],
    ["no boolean", { key: "x", dry: "yes" }, "`dry` input: provided value is not a boolean"],
    [
      "a value that is none of the options",
      { key: "x", backend: "aws" },
      "`backend` input: `aws` cannot be used because it is not in the list of allowed options",
    ],
    [
      "a value that does not match",
      { key: "x", version: "12" },
      "`version` input: provided value does not match required RegEx pattern",
    ],
  ])("refuse %s in GitLab's words", (_what, given, error) => {
    expect(checkInputs(SPECS, given).errors).toEqual([error]);
  });

  test("refuse a type that GitLab does not know", () => {
    expect(checkInputs({ x: { type: "date" } }, {}).errors).toEqual([
      "unknown input specification for `x` (valid types: array, boolean, number, string)",
    ]);
  });

  test("refuse a default that breaks its own rules", () => {
    expect(checkInputs({ x: { default: "c", options: ["a", "b"] } }, {}).errors).toEqual([
      "`x` input: `c` cannot be used because it is not in the list of allowed options",
    ]);
  });
});
