import { expect, test } from "vitest";
import { KeyRoles } from "../../../components/azure/key-roles";
import { build, childrenOf, outputsOf } from "../harness";

const SCOPE = "/subscriptions/the-subscription/resourceGroups/rg-sops";
const make = (prefix = "sops-prod") =>
  new KeyRoles("azure", { prefix, subscriptionId: "the-subscription", scope: SCOPE });

test("four roles, each with what its party calls and nothing else", async () => {
  expect(await childrenOf(() => make())).toMatchInlineSnapshot(`
    [
      "azure-native:authorization:RoleDefinition azure-decrypt {"assignableScopes":["/subscriptions/the-subscription/resourceGroups/rg-sops"],"description":"sopsloop: decrypt data keys","permissions":[{"actions":[],"dataActions":["Microsoft.KeyVault/vaults/keys/decrypt/action"]}],"roleDefinitionId":"b2b39743-ab16-88a2-afeb-e7a8448d1287","roleName":"sops-prod decrypt","roleType":"CustomRole","scope":"/subscriptions/the-subscription/resourceGroups/rg-sops"}",
      "azure-native:authorization:RoleDefinition azure-encrypt {"assignableScopes":["/subscriptions/the-subscription/resourceGroups/rg-sops"],"description":"sopsloop: encrypt data keys, under the current version","permissions":[{"actions":[],"dataActions":["Microsoft.KeyVault/vaults/keys/read","Microsoft.KeyVault/vaults/keys/encrypt/action"]}],"roleDefinitionId":"cac5e5e5-81a7-8fa5-a7dd-cc1de30b3910","roleName":"sops-prod encrypt","roleType":"CustomRole","scope":"/subscriptions/the-subscription/resourceGroups/rg-sops"}",
      "azure-native:authorization:RoleDefinition azure-rewrap {"assignableScopes":["/subscriptions/the-subscription/resourceGroups/rg-sops"],"description":"sopsloop: move data keys to the current version","permissions":[{"actions":[],"dataActions":["Microsoft.KeyVault/vaults/keys/read","Microsoft.KeyVault/vaults/keys/encrypt/action","Microsoft.KeyVault/vaults/keys/decrypt/action"]}],"roleDefinitionId":"4adeb46b-28b2-84d0-ad4f-3442f7b1c3ef","roleName":"sops-prod rewrap","roleType":"CustomRole","scope":"/subscriptions/the-subscription/resourceGroups/rg-sops"}",
      "azure-native:authorization:RoleDefinition azure-status {"assignableScopes":["/subscriptions/the-subscription/resourceGroups/rg-sops"],"description":"sopsloop: see which versions a key has","permissions":[{"actions":[],"dataActions":["Microsoft.KeyVault/vaults/keys/read"]}],"roleDefinitionId":"a29e20d0-eb96-8a98-a8df-11ecc34c5a54","roleName":"sops-prod status","roleType":"CustomRole","scope":"/subscriptions/the-subscription/resourceGroups/rg-sops"}",
    ]
  `);
});

test("their ids are told at the subscription, and follow from their names: a run that was killed can be repeated", async () => {
  const ids = await outputsOf(() => make());
  expect(ids).toMatchInlineSnapshot(`
    {
      "decrypt": "/subscriptions/the-subscription/providers/Microsoft.Authorization/roleDefinitions/b2b39743-ab16-88a2-afeb-e7a8448d1287",
      "encrypt": "/subscriptions/the-subscription/providers/Microsoft.Authorization/roleDefinitions/cac5e5e5-81a7-8fa5-a7dd-cc1de30b3910",
      "rewrap": "/subscriptions/the-subscription/providers/Microsoft.Authorization/roleDefinitions/4adeb46b-28b2-84d0-ad4f-3442f7b1c3ef",
      "status": "/subscriptions/the-subscription/providers/Microsoft.Authorization/roleDefinitions/a29e20d0-eb96-8a98-a8df-11ecc34c5a54",
    }
  `);
  expect(await outputsOf(() => make())).toEqual(ids);
  const others = Object.values(await outputsOf(() => make("sops-dev")));
  expect(others.filter((id) => Object.values(ids).includes(id))).toEqual([]);
});

test("a preview makes the same", async () => {
  const urns = async (preview: boolean) =>
    (await build(() => make(), { preview })).children.map(({ urn }) => urn);
  expect(await urns(true)).toEqual(await urns(false));
});
