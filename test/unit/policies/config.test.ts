import { describe, expect, test } from "vitest";
import { readPolicyConfig } from "../../../policies/config";
import { evaluate } from "../../../policies/evaluate";
import { RULES } from "../../../policies/rules";
import { key } from "./support/vault";

const read = (content: unknown) => readPolicyConfig(content, RULES);

describe("a policy config", () => {
  const neverRotates = key({ autoRotatePeriod: 0 });
  const levels = (content: unknown) => {
    const result = read(content);
    if (!result.ok) throw new Error(result.errors.join("\n"));
    const rules = RULES.filter(({ name }) => name === "vault-transit-key-rotates");
    return evaluate([neverRotates], { rules, config: result.config }).findings.map(
      ({ enforcement, message }) => `${enforcement} ${message}`,
    );
  };

  test("sets a level, limits, both, or the level of all", () => {
    expect(levels({})).toEqual([expect.stringContaining("mandatory it: ")]);
    expect(levels({ "vault-transit-key-rotates": "disabled" })).toEqual([]);
    expect(levels({ "vault-transit-key-rotates": "advisory" })).toEqual([
      expect.stringContaining("advisory it: "),
    ]);
    expect(levels({ "vault-transit-key-rotates": { maxDays: 7 } })).toEqual([
      expect.stringContaining("mandatory it: is never rotated; set autoRotatePeriod to at most 7 days"),
    ]);
    expect(levels({ all: "disabled" })).toEqual([]);
    expect(
      levels({ all: "disabled", "vault-transit-key-rotates": { enforcementLevel: "advisory" } }),
    ).toEqual([expect.stringContaining("advisory")]);
  });

  test("tells every problem at once, one line each", () => {
    expect(
      read({
        "vault-transit-key-rotate": "disabled",
        "something-else": "disabled",
        "vault-transit-key-rotates": { maxDays: "7", enforcementLevel: "maybe" },
        "vault-role-short-tokens": { maxHours: 1 },
        "gitlab-ci-pinned-image": 7,
      }),
    ).toEqual({
      ok: false,
      errors: [
        "vault-transit-key-rotate: is no rule of this pack; did you mean vault-transit-key-rotates?",
        "something-else: is no rule of this pack; see docs/policies.md",
        "vault-transit-key-rotates: has no level that is known; set it to mandatory, advisory or disabled",
        "vault-transit-key-rotates.maxDays: Invalid input: expected number, received string; see docs/policies.md",
        'vault-role-short-tokens: Unrecognized key: "maxHours"; see docs/policies.md',
        "gitlab-ci-pinned-image: has no level that is known; set it to mandatory, advisory or disabled",
      ],
    });
  });

  test.each([[null], ["mandatory"], [[]]])("is an object, and not %j", (content) => {
    expect(read(content)).toEqual({
      ok: false,
      errors: ["the policy config is not an object of rules; see docs/policies.md"],
    });
  });
});
