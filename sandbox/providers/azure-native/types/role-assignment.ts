import type { Definition } from "../arm/definition";
import { inProperties, outputs, required, text } from "../shape/property";
import { UUID } from "./role-definition";
import { nameAndType, systemData } from "./shared-rows";

/** A role that somebody has at a scope. Azure changes nothing of it but description and condition. */
export const roleAssignment: Definition = {
  token: "azure-native:authorization:RoleAssignment",
  noun: "role assignment",
  path: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
  names: { scope: { isPath: true }, roleAssignmentName: UUID },
  apiVersion: "2022-04-01",
  properties: {
    ...inProperties({
      condition: text,
      conditionVersion: text,
      delegatedManagedIdentityResourceId: text,
      description: text,
      principalId: { ...required(text), replace: true },
      principalType: { ...text, oneOf: ["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"] },
      roleDefinitionId: required(text),
      ...outputs({ scope: text, createdBy: text, createdOn: text, updatedBy: text, updatedOn: text }),
    }),
    ...nameAndType,
    ...systemData,
  },
  check: ({ condition, conditionVersion }) =>
    condition !== undefined && conditionVersion === undefined
      ? [{ path: "conditionVersion", reason: 'a condition needs conditionVersion, which is "2.0"' }]
      : [],
};
