import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { RotationRelay } from "../../../components/azure/rotation-relay";
import { build, lineOf } from "../harness";
import { AZURE_COMPUTED } from "./computed";
import { PLACE, SUBSCRIPTION, someStorage, someVault } from "./parts";

const SHA = "0123456789abcdef".repeat(4);

async function relayOf({
  preview = false,
  sha256 = SHA,
  workspaceId = undefined as string | undefined,
} = {}) {
  const { children, outputs } = await build(
    () => {
      const storage = someStorage();
      if (!storage.app) throw new Error("no place for an app");
      return new RotationRelay("azure-relay", {
        place: PLACE,
        subscriptionId: SUBSCRIPTION,
        prefix: "sops-prod",
        appName: "func-sops-prod",
        subnetId: "the-subnet",
        workspaceId,
        storage,
        appStorage: storage.app,
        vault: someVault(),
        package: { path: "dist/relay/function.zip", sha256 },
        settings: { GITLAB_URL: "https://gitlab.example.com", GITLAB_PROJECT: pulumi.output("101") },
        secrets: {
          GITLAB_TRIGGER_TOKEN: { name: "gitlab-trigger-relay", value: pulumi.secret("the-trigger-token") },
        },
      });
    },
    { computed: AZURE_COMPUTED, preview },
  );
  const own = children.filter(({ parent }) => parent.endsWith("RotationRelay::azure-relay"));
  const registered = [...outputs].find(([urn]) => urn.endsWith("RotationRelay::azure-relay"))?.[1];
  return { own, lines: own.map(lineOf), urns: own.map(({ urn }) => urn), registered };
}

test("an app of its own identity that keeps its memory, and gets its code", async () => {
  const { lines, own } = await relayOf();
  // The template is looked at in one-deploy.test.ts.
  expect(lines.filter((line) => !line.includes("resources:Deployment"))).toMatchInlineSnapshot(`
    [
      "azure-native:authorization:RoleAssignment azure-relay-may-keep-blobs {"principalId":"principal-of-sops-prod-relay","principalType":"ServicePrincipal","roleAssignmentName":"c690a136-98dd-8bbe-a956-b1023a6e4071","roleDefinitionId":"/subscriptions/the-subscription/providers/Microsoft.Authorization/roleDefinitions/b7e6dc6d-f1e8-4753-8033-0f276bb0955b","scope":"azure-storage-account-id"}",
      "azure-native:authorization:RoleAssignment azure-relay-may-keep-tables {"principalId":"principal-of-sops-prod-relay","principalType":"ServicePrincipal","roleAssignmentName":"b95393a4-f8ce-8a11-af2a-ca5d15f32a33","roleDefinitionId":"/subscriptions/the-subscription/providers/Microsoft.Authorization/roleDefinitions/0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3","scope":"azure-storage-account-id"}",
      "azure-native:managedidentity:UserAssignedIdentity azure-relay-identity {"location":"westeurope","resourceGroupName":"rg-sops","resourceName":"sops-prod-relay","tags":{"env":"prod"}}",
      "azure-native:storage:Blob azure-relay-package {"accountName":"stsops","blobName":"relay-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.zip","containerName":"packages","contentType":"application/zip","resourceGroupName":"rg-sops","source":{"__pulumiAsset":true,"path":{}},"type":"Block"}",
      "azure-native:web:AppServicePlan azure-relay-plan {"kind":"functionapp","location":"westeurope","name":"sops-prod-relay","reserved":true,"resourceGroupName":"rg-sops","sku":{"name":"FC1","tier":"FlexConsumption"},"tags":{"env":"prod"}}",
      "azure-native:web:WebApp azure-relay-app {"clientAffinityEnabled":false,"functionAppConfig":{"deployment":{"storage":{"authentication":{"type":"UserAssignedIdentity","userAssignedIdentityResourceId":"azure-relay-identity-id"},"type":"blobContainer","value":"https://stsops.blob.core.windows.net/deployments"}},"runtime":{"name":"node","version":"22"},"scaleAndConcurrency":{"instanceMemoryMB":2048,"maximumInstanceCount":40}},"httpsOnly":true,"hyperV":false,"identity":{"type":"UserAssigned","userAssignedIdentities":["azure-relay-identity-id"]},"isXenon":false,"keyVaultReferenceIdentity":"azure-relay-identity-id","kind":"functionapp,linux","location":"westeurope","name":"func-sops-prod","resourceGroupName":"rg-sops","scmSiteAlsoStopped":false,"serverFarmId":"azure-relay-plan-id","siteConfig":{"appSettings":[{"name":"AzureWebJobsStorage__accountName","value":"stsops"},{"name":"AzureWebJobsStorage__credential","value":"managedidentity"},{"name":"AzureWebJobsStorage__clientId","value":"client-of-sops-prod-relay"},{"name":"AZURE_CLIENT_ID","value":"client-of-sops-prod-relay"},{"name":"GITLAB_URL","value":"https://gitlab.example.com"},{"name":"GITLAB_PROJECT","value":"101"},{"name":"RELAY_CLAIMS","value":"https://stsops.table.core.windows.net/claims"},{"name":"GITLAB_TRIGGER_TOKEN","value":"@Microsoft.KeyVault(SecretUri=https://kv-sops-weu.vault.azure.net/secrets/gitlab-trigger-relay/4567)"}],"ftpsState":"Disabled","http20Enabled":true,"localMySqlEnabled":false,"minTlsVersion":"1.2","netFrameworkVersion":"v4.6"},"tags":{"env":"prod"},"virtualNetworkSubnetId":"the-subnet"}",
      "azure-native:web:WebAppScmAllowed azure-relay-no-passwords {"allow":false,"name":"func-sops-prod","resourceGroupName":"rg-sops"}",
      "sopsloop:azure:RelaySecrets azure-relay {}",
    ]
  `);
  expect(own.filter(({ type }) => type.endsWith(":Deployment"))).toHaveLength(1);
});

test("its log goes where the vaults' logs go, if anywhere", async () => {
  const { lines } = await relayOf({ workspaceId: "the-workspace" });
  const settings = lines.filter((line) => line.includes("DiagnosticSetting"));
  expect(settings).toMatchInlineSnapshot(`
    [
      "azure-native:monitor:DiagnosticSetting azure-relay-log {"logs":[{"category":"FunctionAppLogs","enabled":true}],"name":"log","resourceUri":"azure-relay-app-id","workspaceId":"the-workspace"}",
    ]
  `);
  expect((await relayOf()).lines).toEqual(lines.filter((line) => !settings.includes(line)));
});

test("its identity has no right to a key", async () => {
  const { own } = await relayOf();
  const scopes = own.filter(({ type }) => type.endsWith("RoleAssignment")).map(({ inputs }) => inputs.scope);
  expect(scopes).toEqual(["azure-storage-account-id", "azure-storage-account-id"]);
});

test("another package is another blob and another deployment; the same one is nothing new", async () => {
  const names = ({ own }: Awaited<ReturnType<typeof relayOf>>) =>
    own.flatMap(({ inputs }) =>
      [inputs.blobName, inputs.deploymentName].filter((name) => name !== undefined),
    );
  const before = names(await relayOf());
  expect(before).toEqual(["azure-relay-0123456789abcdef", `relay-${SHA}.zip`]);
  expect(names(await relayOf())).toEqual(before);
  const other = "f".repeat(64);
  expect(names(await relayOf({ sha256: other }))).toEqual([
    "azure-relay-ffffffffffffffff",
    `relay-${other}.zip`,
  ]);
});

test("tells its address once it runs its code; a preview makes the same", async () => {
  const { urns, registered } = await relayOf();
  expect(registered).toEqual({
    url: "https://func-sops-prod.azurewebsites.net",
    clientId: "client-of-sops-prod-relay",
  });
  expect((await relayOf({ preview: true })).urns).toEqual(urns);
});
