import type { AuthorizationManagementClient, RoleDefinition } from "@azure/arm-authorization";
import type { Core } from "../../core";
import { type JsonObject, listAt, textAt } from "../../json";
import type { Resource } from "../../model";
import { badRequest, conflict } from "../arm-refusal";
import { BUILT_IN_ROLES, type BuiltInRole } from "../built-in-roles";
import { OfficialModel } from "../official-model";
import { keyOf, within } from "../resource-id";
import type { ResourceType, WriteAsk } from "../resource-type";

const NAME = "Microsoft.Authorization/roleDefinitions";
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Built-in roles are in every scope; custom ones, where they may be assigned. */
export const roleDefinitions: ResourceType = {
  name: NAME,
  apiVersions: ["2018-01-01-preview", "2022-04-01", "2022-05-01-preview"],
  implicitParent: true,
  status: 201,
  model: new OfficialModel<AuthorizationManagementClient, RoleDefinition>({
    client: async ({ credential, options }) => {
      const { AuthorizationManagementClient: Client } = await import("@azure/arm-authorization");
      return new Client(credential, "none", options);
    },
    read: (client) => client.roleDefinitions.get("scope", "role"),
    write: (client, model) => client.roleDefinitions.createOrUpdate("scope", "role", model),
  }),
  prepare: (ask) => {
    checkRole(ask);
    return { body: ask.body, hidden: {} };
  },
  show: (_core, { body }) => ({
    ...body,
    properties: { type: "CustomRole", ...(body.properties as JsonObject) },
  }),
  remove: (core, role) => {
    const used = core.resources
      .ofType("Microsoft.Authorization/roleAssignments")
      .some(({ body }) => nameIn(textAt(body, "properties", "roleDefinitionId")) === keyOf(role.name));
    if (used)
      throw badRequest(
        "There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).",
        "RoleDefinitionHasAssignments",
      );
  },
  given: (core) => BUILT_IN_ROLES.map((role) => shownBuiltIn(core, role)),
  filter: (all, filter) => {
    const [, name] = /roleName eq '([^']+)'/i.exec(filter) ?? [];
    const [, type] = /type eq '([^']+)'/i.exec(filter) ?? [];
    return all.filter(
      (one) =>
        (name === undefined || textAt(one, "properties", "roleName") === name) &&
        (type === undefined || textAt(one, "properties", "type") === type),
    );
  },
};

function shownBuiltIn({ settings }: Core, { id, name, permission }: BuiltInRole): JsonObject {
  const { actions, notActions, dataActions, notDataActions } = permission;
  const lists = { actions, notActions, dataActions, notDataActions };
  const permissions = [Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, [...list]]))];
  return {
    id: `/subscriptions/${settings.subscriptionId}/providers/${NAME}/${id}`,
    name: id,
    type: NAME,
    properties: {
      roleName: name,
      type: "BuiltInRole",
      description: "",
      assignableScopes: ["/"],
      permissions,
    },
  };
}

/** Whether there is a role of that id, built in or custom. */
export function roleExists(core: Core, definition: string): boolean {
  const name = nameIn(definition);
  return BUILT_IN_ROLES.some(({ id }) => id === name) || customRole(core, name) !== undefined;
}

function checkRole({ core, id, body }: WriteAsk): void {
  const role = (name: string) => textAt(body, "properties", name);
  if (!GUID.test(id.name))
    throw badRequest(
      `The role definition ID '${id.name}' is not valid. It has to be a GUID.`,
      "InvalidRoleDefinitionId",
    );
  if (BUILT_IN_ROLES.some((one) => one.id === keyOf(id.name)))
    throw badRequest("A built-in role cannot be changed.", "RoleDefinitionCannotBeUpdated");
  const roleName = role("roleName") ?? "";
  if (roleName === "") throw badRequest("The role definition has no name.", "RoleDefinitionNameNullOrEmpty");
  const custom = core.resources.ofType(NAME).filter((one) => keyOf(one.name) !== keyOf(id.name));
  const names = [
    ...custom.map((one) => textAt(one.body, "properties", "roleName")),
    ...BUILT_IN_ROLES.map(({ name }) => name),
  ];
  if (names.some((name) => name?.toLowerCase() === roleName.toLowerCase()))
    throw conflict(
      "RoleDefinitionWithSameNameExists",
      `A custom role with the same name already exists in this directory. Use a different name. '${roleName}'`,
    );
  const scopes = listAt(body, "properties", "assignableScopes").map(String);
  if (scopes.length === 0 || !scopes.some((scope) => within(id.scope, scope)))
    throw badRequest(
      "The role definition has to name its scope among its assignable scopes.",
      "RoleDefinitionAssignableScopesInvalid",
    );
  if (listAt(body, "properties", "permissions").length === 0)
    throw badRequest("The role definition has no permissions.", "RoleDefinitionPermissionsNullOrEmpty");
}

function customRole(core: Core, name: string): Resource | undefined {
  return core.resources.ofType(NAME).find((one) => keyOf(one.name) === name);
}

function nameIn(definition: string | undefined): string {
  return (
    keyOf(definition ?? "")
      .split("/")
      .at(-1) ?? ""
  );
}
