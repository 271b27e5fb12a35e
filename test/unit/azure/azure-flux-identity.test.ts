import { expect, test } from "vitest";
import { AzureFluxIdentity } from "../../../components/azure/azure-flux-identity";
import { build, childrenOf, outputsOf } from "../harness";
import { AZURE_COMPUTED } from "./computed";
import { PLACE } from "./parts";

const computed = AZURE_COMPUTED;
const decryptors = {
  default: { namespace: "flux-system", serviceAccount: "kustomize-controller" },
  apps: { namespace: "apps", serviceAccount: "sops.team-a" },
};
const keys = [
  { vault: "weu", keyId: "the-key-weu" },
  { vault: "neu", keyId: "the-key-neu" },
];
const make = (changes: object = {}) =>
  new AzureFluxIdentity("azure-flux", {
    place: PLACE,
    prefix: "sops-prod",
    tenantId: "the-tenant",
    issuer: "https://oidc.example.com/cluster/",
    decryptors,
    grant: { use: "decrypt", role: "the-role", keys },
    ...changes,
  });

test("an identity for each account, trusted by its subject, and the right to decrypt with each key", async () => {
  expect(
    await childrenOf(() => make({ decryptors: { apps: decryptors.apps } }), { computed }),
  ).toMatchInlineSnapshot(`
    [
      "azure-native:authorization:RoleAssignment azure-flux-apps_sops.team-a-may-decrypt-neu {"principalId":"principal-of-sops-prod-flux-apps_sops_team-a","principalType":"ServicePrincipal","roleAssignmentName":"b0cc046a-f0e6-8470-a736-eb82019fc58a","roleDefinitionId":"the-role","scope":"the-key-neu"}",
      "azure-native:authorization:RoleAssignment azure-flux-apps_sops.team-a-may-decrypt-weu {"principalId":"principal-of-sops-prod-flux-apps_sops_team-a","principalType":"ServicePrincipal","roleAssignmentName":"a0c8d030-63c5-8d61-a86a-e7a253362347","roleDefinitionId":"the-role","scope":"the-key-weu"}",
      "azure-native:managedidentity:FederatedIdentityCredential azure-flux-apps_sops.team-a-trust {"audiences":["api://AzureADTokenExchange"],"federatedIdentityCredentialResourceName":"kubernetes","issuer":"https://oidc.example.com/cluster/","resourceGroupName":"rg-sops","resourceName":"sops-prod-flux-apps_sops_team-a","subject":"system:serviceaccount:apps:sops.team-a"}",
      "azure-native:managedidentity:UserAssignedIdentity azure-flux-apps_sops.team-a-identity {"location":"westeurope","resourceGroupName":"rg-sops","resourceName":"sops-prod-flux-apps_sops_team-a","tags":{"env":"prod"}}",
    ]
  `);
});

test("auditors see who each account is; renaming the config's key changes nothing", async () => {
  expect(await outputsOf(() => make(), { computed })).toMatchInlineSnapshot(`
    {
      "records": [
        {
          "audience": "api://AzureADTokenExchange",
          "clientId": "client-of-sops-prod-flux-flux-system_kustomize-controller",
          "issuer": "https://oidc.example.com/cluster/",
          "may": [
            "decrypt",
          ],
          "name": "sops-prod-flux-flux-system_kustomize-controller",
          "subject": "system:serviceaccount:flux-system:kustomize-controller",
        },
        {
          "audience": "api://AzureADTokenExchange",
          "clientId": "client-of-sops-prod-flux-apps_sops_team-a",
          "issuer": "https://oidc.example.com/cluster/",
          "may": [
            "decrypt",
          ],
          "name": "sops-prod-flux-apps_sops_team-a",
          "subject": "system:serviceaccount:apps:sops.team-a",
        },
      ],
    }
  `);
  const renamed = { decryptors: { controller: decryptors.default, apps: decryptors.apps } };
  const urns = async (changes: object) =>
    (await build(() => make(changes), { computed })).children.map(({ urn }) => urn);
  expect(await urns(renamed)).toEqual(await urns({}));
});

test("an account is told its client id with the tenant, in a preview not yet", async () => {
  let accounts: AzureFluxIdentity["accounts"] = {};
  const { children } = await build(
    () => {
      accounts = make().accounts;
    },
    { computed, preview: true },
  );
  expect(Object.keys(accounts)).toEqual(["default", "apps"]);
  expect(accounts.default?.tenantId).toBe("the-tenant");
  expect(children.filter(({ type }) => type.endsWith("RoleAssignment"))).toHaveLength(4);
});
