import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import * as pulumi from "@pulumi/pulumi";
import { stableGuid } from "./stable-guid";

export interface RoleAssignmentInputs {
  /** Object id of the identity. */
  readonly principalId: pulumi.Input<string>;
  /** As `roleId` makes it. */
  readonly roleDefinitionId: pulumi.Input<string>;
  /** ARM id of what the role is for. */
  readonly scope: pulumi.Input<string>;
}

/** A role for an identity, at one scope. */
export function roleAssignment(
  parent: pulumi.Resource,
  name: string,
  inputs: RoleAssignmentInputs,
): RoleAssignment {
  return new RoleAssignment(
    name,
    {
      ...inputs,
      // Of a new identity Entra ID may not have heard yet; its kind spares Azure the look.
      principalType: "ServicePrincipal",
      roleAssignmentName: pulumi
        .all([inputs.scope, inputs.principalId, inputs.roleDefinitionId])
        .apply((parts) => stableGuid(...parts)),
    },
    { parent },
  );
}

/** ARM id of a role. Azure tells it at the subscription, whatever scope the role was written at. */
export function roleId(subscriptionId: string, guid: string): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
}
