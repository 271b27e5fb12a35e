import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { RelaySecrets } from "../../../components/azure/relay-secrets";
import { build, lineOf } from "../harness";
import { AZURE_COMPUTED } from "./computed";
import { SUBSCRIPTION, someVault } from "./parts";

async function secretsOf(preview = false, expire?: number) {
  const { children, outputs } = await build(
    () =>
      new RelaySecrets("azure-relay", {
        resourceGroupName: "rg-sops",
        subscriptionId: SUBSCRIPTION,
        vault: someVault(),
        reader: "the-reader",
        expire,
        values: { "gitlab-trigger-relay": pulumi.output("the-trigger-token") },
      }),
    { computed: AZURE_COMPUTED, preview },
  );
  const own = children.filter(({ parent }) => parent.endsWith("RelaySecrets::azure-relay"));
  const registered = [...outputs].find(([urn]) => urn.endsWith("RelaySecrets::azure-relay"))?.[1];
  return { lines: own.map(lineOf), urns: own.map(({ urn }) => urn), registered };
}

test("a secret that stays when it is no longer needed, and one reader of it", async () => {
  expect((await secretsOf()).lines).toMatchInlineSnapshot(`
    [
      "azure-native:authorization:RoleAssignment azure-relay-may-read-gitlab-trigger-relay {"principalId":"the-reader","principalType":"ServicePrincipal","roleAssignmentName":"faac0bc7-e847-8233-ab14-6b812490f95a","roleDefinitionId":"/subscriptions/the-subscription/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6","scope":"azure-relay-gitlab-trigger-relay-id"}",
      "azure-native:keyvault:Secret azure-relay-gitlab-trigger-relay retained {"properties":{"secret":{"contentType":"text/plain","value":"the-trigger-token"}},"resourceGroupName":"rg-sops","secretName":"gitlab-trigger-relay","vaultName":"kv-sops-weu"}",
    ]
  `);
});

test("what the app is told is where the secret is, and no secret", async () => {
  const { registered } = await secretsOf();
  expect(registered).toEqual({
    references: {
      "gitlab-trigger-relay":
        "@Microsoft.KeyVault(SecretUri=https://kv-sops-weu.vault.azure.net/secrets/gitlab-trigger-relay/4567)",
    },
  });
});

test("a preview makes the same", async () => {
  expect((await secretsOf(true)).urns).toEqual((await secretsOf()).urns);
});

test("it says until when it is meant to last, where somebody has said so", async () => {
  const { lines } = await secretsOf(false, 1814313600);
  expect(lines[1]).toContain('"attributes":{"enabled":true,"expires":1814313600}');
});
