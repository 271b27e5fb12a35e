import { expect, test } from "vitest";
import { AzurePipelineIdentity } from "../../../components/azure/azure-pipeline-identity";
import { jobSubject, SUBJECT_CLAIMS } from "../../../components/gitlab/job-subject";
import { build, childrenOf, outputsOf } from "../harness";
import { AZURE_COMPUTED } from "./computed";
import { PLACE } from "./parts";

const computed = AZURE_COMPUTED;
const make = () =>
  new AzurePipelineIdentity("azure-gitlab-rewrap", {
    place: PLACE,
    identityName: "sops-prod-gitlab-rewrap",
    issuer: "https://gitlab.example.com",
    subject: jobSubject({ project: "platform/deploy", branch: "main" }),
    grant: { use: "rewrap", role: "the-role", keys: [{ vault: "weu", keyId: "the-key" }] },
  });

test("an identity that one branch's jobs are, and what it may do", async () => {
  expect(await childrenOf(make, { computed })).toMatchInlineSnapshot(`
    [
      "azure-native:authorization:RoleAssignment azure-gitlab-rewrap-may-rewrap-weu {"principalId":"principal-of-sops-prod-gitlab-rewrap","principalType":"ServicePrincipal","roleAssignmentName":"cd12987d-2674-85f0-ac70-a82b8d4620ce","roleDefinitionId":"the-role","scope":"the-key"}",
      "azure-native:managedidentity:FederatedIdentityCredential azure-gitlab-rewrap-trust {"audiences":["api://AzureADTokenExchange"],"federatedIdentityCredentialResourceName":"gitlab","issuer":"https://gitlab.example.com","resourceGroupName":"rg-sops","resourceName":"sops-prod-gitlab-rewrap","subject":"project_path:platform/deploy:ref_type:branch:ref:main"}",
      "azure-native:managedidentity:UserAssignedIdentity azure-gitlab-rewrap-identity {"location":"westeurope","resourceGroupName":"rg-sops","resourceName":"sops-prod-gitlab-rewrap","tags":{"env":"prod"}}",
    ]
  `);
  expect(await outputsOf(make, { computed })).toMatchInlineSnapshot(`
    {
      "clientId": "client-of-sops-prod-gitlab-rewrap",
      "record": {
        "audience": "api://AzureADTokenExchange",
        "clientId": "client-of-sops-prod-gitlab-rewrap",
        "issuer": "https://gitlab.example.com",
        "may": [
          "read",
          "encrypt",
          "decrypt",
        ],
        "name": "sops-prod-gitlab-rewrap",
        "subject": "project_path:platform/deploy:ref_type:branch:ref:main",
      },
    }
  `);
});

test("a preview makes the same", async () => {
  const urns = async (preview: boolean) =>
    (await build(make, { computed, preview })).children.map(({ urn }) => urn);
  expect(await urns(true)).toEqual(await urns(false));
});

test("the subject is what GitLab makes of the project's setting", () => {
  expect(SUBJECT_CLAIMS).toEqual(["project_path", "ref_type", "ref"]);
  expect(jobSubject({ project: "group/sub/deploy", branch: "release/1" })).toBe(
    "project_path:group/sub/deploy:ref_type:branch:ref:release/1",
  );
});
