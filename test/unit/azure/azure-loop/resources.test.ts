import { expect, test, vi } from "vitest";
import { sampleConfig } from "../../config/sample";
import { gitlabConfig, PROJECTS } from "../../gitlab/sample";
import { runProgram } from "../../program";
import { azureConfig, ours, smallestAzure } from "../sample";

const options = { gitlab: PROJECTS };

test("nothing of it without its config, and nothing of its SDK is loaded", async () => {
  let loaded = false;
  vi.doMock("@pulumi/azure-native/provider", (original) => {
    loaded = true;
    return original();
  });
  const { children, exported } = await runProgram(gitlabConfig(), options);
  expect(children.filter(ours)).toEqual([]);
  expect(exported).not.toHaveProperty("azure");
  expect(exported.audit).not.toHaveProperty("azure");
  expect(exported.sopsConfig).not.toContain("azure");
  expect(loaded).toBe(false);
  await runProgram(azureConfig(), options);
  expect(loaded).toBe(true);
  vi.doUnmock("@pulumi/azure-native/provider");
});

test("the smallest: a vault, a key, four roles, and who Flux is", async () => {
  const { children } = await runProgram({ ...sampleConfig(), azure: smallestAzure() });
  expect(children.filter(ours).map(({ type, name }) => `${type} ${name}`)).toMatchInlineSnapshot(`
    [
      "pulumi:providers:azure-native azure",
      "azure-native:authorization:RoleAssignment azure-flux-flux-system_kustomize-controller-may-decrypt-weu",
      "azure-native:managedidentity:FederatedIdentityCredential azure-flux-flux-system_kustomize-controller-trust",
      "azure-native:managedidentity:UserAssignedIdentity azure-flux-flux-system_kustomize-controller-identity",
      "sopsloop:azure:AzureFluxIdentity azure-flux",
      "azure-native:keyvault:Key azure-weu-key",
      "sopsloop:azure:AzureKey azure-weu",
      "azure-native:keyvault:Vault azure-weu-vault",
      "sopsloop:azure:AzureVault azure-weu",
      "azure-native:authorization:RoleDefinition azure-decrypt",
      "azure-native:authorization:RoleDefinition azure-encrypt",
      "azure-native:authorization:RoleDefinition azure-rewrap",
      "azure-native:authorization:RoleDefinition azure-status",
      "sopsloop:azure:KeyRoles azure",
    ]
  `);
});

test("a preview makes the same resources as an update, and tells what it cannot know yet", async () => {
  const update = await runProgram(azureConfig(), options);
  const preview = await runProgram(azureConfig(), { ...options, preview: true });
  expect(preview.children.map(({ urn }) => urn)).toEqual(update.children.map(({ urn }) => urn));
});

test("every resource of Azure's has its provider's component above it", async () => {
  const { children } = await runProgram(azureConfig(), options);
  const orphans = children.filter(
    (child) => ours(child) && child.parent === "" && !child.type.startsWith("sopsloop:"),
  );
  expect(orphans.map(({ type }) => type)).toEqual(["pulumi:providers:azure-native"]);
});

test("no resource of Azure's is looked for under names that it never had", async () => {
  const { children } = await runProgram(azureConfig(), options);
  const known = children.filter(({ type }) => type.startsWith("azure-native:"));
  expect(known.length).toBeGreaterThan(50);
  expect(known.filter(({ aliases }) => aliases > 0)).toEqual([]);
});

test("either region decrypts, and so does Vault: all stand in one group", async () => {
  const { exported, children } = await runProgram(azureConfig(), options);
  expect(exported.sopsConfig).toContain(
    "azure_keyvault: https://kv-sops-prod-weu.vault.azure.net/keys/sops,https://kv-sops-prod-neu.vault.azure.net/keys/sops",
  );
  const file = children.find(({ name }) => name === "gitlab-file-.sops.yaml");
  expect(file?.inputs.content).toBe(exported.sopsConfig);
});
