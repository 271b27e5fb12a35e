import type { Definition } from "../arm/definition";
import { inProperties, listOf, object, outputs, text, texts } from "../shape/property";
import { nameAndType, systemData } from "./shared-rows";

export const UUID = {
  pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  form: "a UUID",
  madeUp: true,
} as const;

/** A role of one's own. */
export const roleDefinition: Definition = {
  token: "azure-native:authorization:RoleDefinition",
  noun: "role definition",
  path: "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
  names: { scope: { isPath: true }, roleDefinitionId: UUID },
  apiVersion: "2022-05-01-preview",
  properties: {
    ...inProperties({
      assignableScopes: texts,
      description: text,
      permissions: listOf(
        object({
          actions: texts,
          dataActions: texts,
          notActions: texts,
          notDataActions: texts,
          ...outputs({ condition: text, conditionVersion: text }),
        }),
      ),
      roleName: text,
      roleType: { ...text, wire: "type" },
      ...outputs({ createdBy: text, createdOn: text, updatedBy: text, updatedOn: text }),
    }),
    ...nameAndType,
    ...systemData,
  },
};
