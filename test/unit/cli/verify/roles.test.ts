import { expect, test } from "vitest";
import type { Context } from "../../../../cli/verify/probe";
import { roles } from "../../../../cli/verify/probes/roles";
import { OUTPUTS } from "../audit/outputs";

const SELECTOR = "bound_service_account_namespace_selector";

/** The row's answer where Vault has the declared role, with a change. */
async function rowOf(change: object): Promise<unknown> {
  const live = {
    bound_service_account_names: ["kustomize-controller"],
    bound_service_account_namespaces: ["flux-system"],
    audience: OUTPUTS.vaultAddress,
    token_policies: ["sops-flux-decrypt"],
    token_ttl: 600,
    token_type: "batch",
    ...change,
  };
  const vault = { read: async () => live };
  return roles
    .run({ declared: OUTPUTS, vault } as unknown as Context)
    .catch((error: unknown) => (error as Error).message);
}

test.each([
  ["a Vault that knows no selectors", {}],
  ["none", { [SELECTOR]: "" }],
])("a role without a selector of namespaces is as declared: %s", async (_how, change) => {
  expect(await rowOf(change)).toBe("flux-system_kustomize-controller");
});

test("a selector takes namespaces that are not declared", async () => {
  expect(await rowOf({ [SELECTOR]: '{"matchLabels":{"team":"x"}}' })).toContain(
    "role flux-system_kustomize-controller: its bound_service_account_namespace_selector is ",
  );
});
