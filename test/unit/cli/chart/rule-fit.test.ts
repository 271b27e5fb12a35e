import { describe, expect, test } from "vitest";
import { ruleFor } from "../../../../cli/chart/encrypt/rule-fit";
import { SopsConfigs } from "../../../../cli/rules/sops-configs";

const AGE = "age1x";
const PATH = "apps/shop/secrets/a.sops.yaml";
const ruleWith = (rule: object) =>
  ruleFor(new SopsConfigs(new Map([[".sops.yaml", JSON.stringify({ creation_rules: [rule] })]])), PATH);

describe("a rule for the file of a Secret", () => {
  test.each([
    { encrypted_regex: "^(data|stringData)$" },
    { encrypted_regex: "^data$", path_regex: "\\.sops\\.yaml$" },
    { unencrypted_regex: "^(apiVersion|kind|metadata|type)$" },
  ])("fits: %j", (rule) => {
    expect(ruleWith({ age: AGE, ...rule })).toMatchObject({ config: ".sops.yaml", path: PATH });
  });

  test.each([
    [{}, "encrypts apiVersion, so that nobody can apply the Secret"],
    [{ unencrypted_regex: "^(apiVersion|kind)$" }, "encrypts metadata.name"],
    [{ unencrypted_regex: "^(apiVersion|kind|metadata)$" }, "encrypts type"],
    [{ encrypted_suffix: "ata" }, "encrypts metadata.name"],
    [{ encrypted_regex: "^stringData$" }, "leaves the values of a Secret (data) readable"],
    [{ path_regex: "\\.json$" }, "no rule of .sops.yaml matches it"],
  ])("does not fit: %j", (rule, problem) => {
    expect(ruleWith({ age: AGE, ...rule })).toContain(problem);
  });
});
