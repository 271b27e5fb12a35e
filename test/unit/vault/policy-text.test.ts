import { expect, test } from "vitest";
import { keyGrants, policyText } from "../../../components/vault/policy-text";

const grants = keyGrants("transit", "sops");

test.each([
  ["guide", ["transit/encrypt/sops update", "transit/decrypt/sops update"]],
  ["decrypt", ["transit/decrypt/sops update"]],
  ["pipeline", ["transit/encrypt/sops update", "transit/rewrap/sops update"]],
  ["status", ["transit/keys/sops read"]],
] as const)("%s may do this and nothing else", (party, allowed) => {
  expect(grants[party].map(({ path, capabilities }) => `${path} ${capabilities.join(",")}`)).toEqual(allowed);
});

test("renders HCL", () => {
  expect(policyText(grants.guide)).toMatchInlineSnapshot(`
    "path "transit/encrypt/sops" {
      capabilities = ["update"]
    }

    path "transit/decrypt/sops" {
      capabilities = ["update"]
    }
    "
  `);
});
