import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../sandbox/providers/engine/resource-type";
import { azureTest } from "../support/azure-test";
import { GROUP } from "../support/recorded-azure";
import { ASSIGNMENT, refused } from "../support/refused-inputs";

const test = azureTest();

describe("inputs that are filled in", () => {
  const identity = { resourceGroupName: "rg", resourceName: "flux" };
  const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";

  it("with the resource group's place, asked for once", async () => {
    test.azure.answers(`GET ${GROUP}`, { body: { location: "westeurope" } });
    for (const _time of [1, 2])
      expect(await test.plugin.check(IDENTITY, identity)).toEqual({
        ...identity,
        location: "westeurope",
        azureApiVersion: "2023-01-31",
      });
    expect(test.azure.taken().filter(({ line }) => line === `GET ${GROUP}`)).toHaveLength(1);
  });

  it("with the place of the provider's config before that, and of the last update before both", async () => {
    const plugin = await test.configured({ location: "northeurope" });
    expect((await plugin.check(IDENTITY, identity)).location).toBe("northeurope");
    expect((await plugin.check(IDENTITY, identity, [], { location: "eastus" })).location).toBe("eastus");
    expect(test.azure.taken()).toEqual([]);
  });

  it("with none where the resource group is not there yet, and an unknown one where its name is not", async () => {
    test.azure.answers(`GET ${GROUP}`, { status: 404 });
    expect(await refused(test, "managedidentity:UserAssignedIdentity", identity)).toEqual([
      "location: the managed identity needs location: set it, or azure-native:location",
    ]);
    const unknown = await test.plugin.check(IDENTITY, { ...identity, resourceGroupName: UNKNOWN });
    expect(unknown.location).toBe(UNKNOWN);
  });

  it("with a UUID for a role assignment, which stays", async () => {
    const first = await test.plugin.check("azure-native:authorization:RoleAssignment", ASSIGNMENT);
    expect(first.roleAssignmentName).toMatch(/^[0-9a-f-]{36}$/);
    const again = await test.plugin.check("azure-native:authorization:RoleAssignment", ASSIGNMENT, [], first);
    expect(again.roleAssignmentName).toBe(first.roleAssignmentName);
    const old = { id: "x", inputs: first, outputs: {} };
    const diff = await test.plugin.diff("azure-native:authorization:RoleAssignment", old, {
      ...first,
      principalId: "q",
    });
    expect([diff.replaces, diff.deleteBeforeReplace]).toEqual([["principalId"], false]);
  });
});
