import { describe, expect, it } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { CASES } from "./support/cases";
import { sandboxAzure } from "./support/sandbox-azure";

const GROUP = "azure-native:resources:ResourceGroup";
const VAULT = "azure-native:keyvault:Vault";
const KEY = "azure-native:keyvault:Key";
const ASSIGNMENT = "azure-native:authorization:RoleAssignment";
const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

const test = sandboxAzure();

function inputsOf(token: string): PlainMap {
  const found = CASES.find(({ type }) => `azure-native:${type}` === token);
  if (found === undefined) throw new Error(`no case of ${token}`);
  return found.inputs(test.place);
}

it("a group is there for all that follows", async () => {
  expect((await test.plugin.create(GROUP, inputsOf(GROUP))).id).toContain("/resourceGroups/rg");
});

describe("a deleted vault", () => {
  it("holds its name, and says how to get it back", async () => {
    const vault = await test.plugin.create(VAULT, inputsOf(VAULT));
    await test.plugin.create(KEY, inputsOf(KEY));
    await test.plugin.delete(VAULT, vault);
    await expect(test.plugin.create(VAULT, inputsOf(VAULT))).rejects.toThrow(
      /deleted state.*; recover it \(a vault by createMode: recover\), purge it, or take another name/,
    );
  });

  it("comes back with its key by createMode, which the state does not keep", async () => {
    const inputs = inputsOf(VAULT);
    const properties = { ...(inputs.properties as PlainMap), createMode: "recover" };
    const vault = await test.plugin.create(VAULT, { ...inputs, properties });
    expect(vault.outputs.properties).not.toHaveProperty("createMode");
    expect((await test.plugin.read(VAULT, vault))?.inputs).toEqual(vault.inputs);
    const found = await test.plugin.invoke("azure-native:keyvault:getKey", {
      resourceGroupName: "rg",
      vaultName: "kv-sops",
      keyName: "sops",
    });
    expect(found).toMatchObject({ kty: "RSA", keySize: 2048 });
  });
});

describe("Azure's own refusals reach the person", () => {
  it("a role assignment stays with its role", async () => {
    const inputs = {
      ...inputsOf(ASSIGNMENT),
      scope: test.place.idOf("Microsoft.KeyVault/vaults", "kv-sops"),
      roleDefinitionId: test.place.roleId(READER),
    };
    const made = await test.plugin.create(ASSIGNMENT, inputs);
    const other = test.place.roleId("14b46e9e-c2b7-41b4-b07b-48a6ebf60603");
    await expect(
      test.plugin.update(ASSIGNMENT, made, { ...inputs, roleDefinitionId: other }),
    ).rejects.toThrow(
      /Azure refused to change role assignment aaaaaaaa-0000-4000-8000-000000000002 \(400 RoleAssignmentUpdateNotPermitted\)/,
    );
  });

  it("there is no vault in a group that is not there", async () => {
    const inputs = { ...inputsOf(VAULT), resourceGroupName: "nobody", vaultName: "kv-nobody" };
    await expect(test.plugin.create(VAULT, inputs)).rejects.toThrow(/404 ResourceGroupNotFound/);
  });

  it("a secret that is wrong", async () => {
    const { clientId } = test.azure.deployer;
    const plugin = await test.configured({ clientId, clientSecret: "not-the-secret" });
    await expect(plugin.create(IDENTITY, inputsOf(IDENTITY))).rejects.toThrow(
      /AADSTS7000215: [^;]*; set ARM_CLIENT_SECRET to the secret's value, not to its id/,
    );
  });
});

describe("a deployer without a secret", () => {
  const subject = "project_path:sops/secrets:ref_type:branch:ref:main";

  it("logs in by a token of GitLab's, and does what its identity may", async () => {
    const identity = await test.plugin.create(IDENTITY, inputsOf(IDENTITY));
    await test.plugin.create(CREDENTIAL, { ...inputsOf(CREDENTIAL), issuer: test.issuer.issuer, subject });
    const clientId = String(identity.outputs.clientId);
    const token = await test.issuer.token({ sub: subject });
    const plugin = await test.configured({ clientId, useOidc: true, oidcToken: token });
    expect(await plugin.invoke("azure-native:authorization:getClientConfig", {})).toMatchObject({
      clientId,
      objectId: identity.outputs.principalId,
    });
    await expect(plugin.read(VAULT, test.place.idOf("Microsoft.KeyVault/vaults", "kv-sops"))).rejects.toThrow(
      /AuthorizationFailed.*; give the deployer a role for it/,
    );
  });

  it("is refused for another subject", async () => {
    const identity = await test.plugin.read(
      IDENTITY,
      test.place.idOf("Microsoft.ManagedIdentity/userAssignedIdentities", "sops-flux"),
    );
    const oidcToken = await test.issuer.token({ sub: "project_path:somebody/else" });
    const clientId = String(identity?.outputs.clientId);
    const plugin = await test.configured({ clientId, useOidc: true, oidcToken });
    await expect(plugin.create(IDENTITY, { ...inputsOf(IDENTITY), resourceName: "other" })).rejects.toThrow(
      /Entra refused to log .* in .*AADSTS7002\d+/,
    );
  });
});
