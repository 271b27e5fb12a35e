import { describe, expect, it } from "vitest";
import { azureTest } from "../support/azure-test";
import { GROUP } from "../support/recorded-azure";
import { ASSIGNMENT, GROUPED, type RefusedInputs, refused } from "../support/refused-inputs";

const test = azureTest();

describe("inputs that are refused", () => {
  it.each<RefusedInputs>([
    [
      "two audiences",
      "managedidentity:FederatedIdentityCredential",
      {
        resourceGroupName: "rg",
        resourceName: "flux",
        federatedIdentityCredentialResourceName: "cluster",
        issuer: "i",
        subject: "s",
        audiences: ["a", "b"],
      },
      ["audiences: audiences must have one entry: Azure takes neither none nor more"],
    ],
    [
      "a role assignment that is named by words",
      "authorization:RoleAssignment",
      { ...ASSIGNMENT, roleAssignmentName: "flux-decrypt" },
      ['roleAssignmentName: roleAssignmentName must be a UUID: "flux-decrypt"'],
    ],
    [
      "a condition without its version",
      "authorization:RoleAssignment",
      { ...ASSIGNMENT, condition: "x" },
      ['conditionVersion: a condition needs conditionVersion, which is "2.0"'],
    ],
    [
      "tags that are no texts",
      "resources:ResourceGroup",
      { resourceGroupName: "rg", location: "westeurope", tags: { "cost-centre": 7 } },
      ['tags["cost-centre"]: tags["cost-centre"] must be a string'],
    ],
    [
      "logs that go nowhere",
      "monitor:DiagnosticSetting",
      { resourceUri: GROUP, name: "audit", logs: [] },
      [
        "workspaceId: a diagnostic setting needs somewhere to write to: one of workspaceId, storageAccountId, eventHubAuthorizationRuleId, marketplacePartnerId, serviceBusRuleId",
      ],
    ],
    [
      "a subnet that is more than its id",
      "network:PrivateEndpoint",
      { ...GROUPED, privateEndpointName: "pe", subnet: { id: "/s", addressPrefix: "10.0.0.0/24" } },
      ['subnet.addressPrefix: subnet has no property "addressPrefix"'],
    ],
  ])("%s", async (_what, type, inputs, reasons) => {
    expect(await refused(test, type, inputs)).toEqual(reasons);
  });

  it("a type that the stand-in does not have, by the list of those that it has", async () => {
    await expect(test.plugin.checkOnly("azure-native:compute:Disk", {})).rejects.toThrow(
      /the azure-native stand-in provider \(as 3\.28\.0\) has no resource type azure-native:compute:Disk; it has azure-native:web:AppServicePlan, /,
    );
  });
});
