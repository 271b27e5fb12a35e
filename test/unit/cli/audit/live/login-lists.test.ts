import { expect, test } from "vitest";
import { policiesOf, readPath } from "../../../../../cli/audit/live/vault/login-lists";

const KNOWN = ["sops-flux-decrypt", "sops-status", "ops"];

test.each([
  ["kubernetes", { token_policies: ["b", "a"] }, ["a", "b", "default"]],
  ["kubernetes", { token_policies: ["a"], token_no_default_policy: true }, ["a"]],
  ["ldap", { policies: ["a"] }, ["a", "default"]],
  ["github", { value: "a, b" }, ["a", "b", "default"]],
  ["token", { allowed_policies_glob: ["sops-*"] }, ["default", "sops-flux-decrypt", "sops-status"]],
  [
    "token",
    { allowed_policies_glob: ["*-status"], allowed_policies: ["ops"] },
    ["default", "ops", "sops-status"],
  ],
  ["token", { allowed_policies_glob: ["*flux*"] }, ["default", "sops-flux-decrypt"]],
  ["token", {}, ["default"]],
])("what tokens of %s with %o have", (type, fields, policies) => {
  expect(policiesOf(type, fields, KNOWN)).toEqual(policies);
});

test("where a login is read", () => {
  expect([readPath("aws", "roles"), readPath("token", "roles"), readPath("ldap", "groups")]).toEqual([
    "role",
    "roles",
    "groups",
  ]);
});
