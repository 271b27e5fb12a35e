import type { AuthorizationManagementClient, RoleAssignmentCreateParameters } from "@azure/arm-authorization";
import { type JsonObject, objectAt, textAt } from "../../json";
import { ArmRefusal, badRequest, conflict } from "../arm-refusal";
import { OfficialModel } from "../official-model";
import { keyOf, sameId, within } from "../resource-id";
import type { ResourceType, WriteAsk } from "../resource-type";
import { roleExists } from "./role-definitions";

const NAME = "Microsoft.Authorization/roleAssignments";
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const roleAssignments: ResourceType = {
  name: NAME,
  apiVersions: ["2020-04-01-preview", "2020-10-01-preview", "2022-04-01"],
  model: new OfficialModel<AuthorizationManagementClient, RoleAssignmentCreateParameters>({
    client: async ({ credential, options }) => {
      const { AuthorizationManagementClient: Client } = await import("@azure/arm-authorization");
      return new Client(credential, "none", options);
    },
    read: (client) => client.roleAssignments.get("scope", "name") as Promise<RoleAssignmentCreateParameters>,
    write: (client, model) => client.roleAssignments.create("scope", "name", model),
  }),
  prepare: (ask) => ({ body: checked(ask), hidden: {} }),
  /** Those at the scope, in it, and around it. */
  found: (core, scope) =>
    core.resources.ofType(NAME).filter(({ body }) => {
      const own = textAt(body, "properties", "scope") ?? "";
      return within(own, scope) || within(scope, own);
    }),
  filter: (all, filter, scope) => {
    const [, principal] = /(?:principalId eq|assignedTo\()\s*'([^']+)'/i.exec(filter) ?? [];
    const atScope = /atScope\(\)/i.test(filter);
    return all.filter((one) => {
      const own = textAt(one, "properties", "scope") ?? "";
      if (atScope && !within(scope, own)) return false;
      return principal === undefined || sameId(textAt(one, "properties", "principalId") ?? "", principal);
    });
  },
};

function checked({ core, id, body, existing }: WriteAsk): JsonObject {
  const wanted = objectAt(body, "properties");
  const text = (name: string) => textAt(wanted, name) ?? "";
  if (!GUID.test(id.name))
    throw badRequest(
      `The role assignment ID '${id.name}' is not valid. The role assignment ID must be a GUID.`,
      "InvalidRoleAssignmentId",
    );
  if (!roleExists(core, text("roleDefinitionId")))
    throw badRequest(
      `The specified role definition with ID '${keyOf(text("roleDefinitionId")).split("/").at(-1)}' does not exist.`,
      "RoleDefinitionDoesNotExist",
    );
  if (core.directory.principal(text("principalId")) === undefined)
    throw badRequest(
      `Principal ${text("principalId")} does not exist in the directory ${core.tokens.tenantId}. Check that you have the ` +
        "correct principal ID. If you are creating this principal and then immediately assigning a role, this error " +
        "might be related to a replication delay. In this case, set the role assignment principalType property to a " +
        "value, such as ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype",
      "PrincipalNotFound",
    );
  if (wanted.principalType !== undefined && wanted.principalType !== "ServicePrincipal")
    throw badRequest(
      `The PrincipalType '${text("principalType")}' does not match the type of the principal, 'ServicePrincipal'.`,
      "UnmatchedPrincipalType",
    );
  // To let pass more than Azure would is worse than to let pass nothing.
  if (wanted.condition !== undefined && wanted.condition !== null)
    throw new ArmRefusal(
      501,
      "NotImplemented",
      "The emulator does not evaluate conditions of role assignments.",
    );
  const same = (one: JsonObject) =>
    ["principalId", "roleDefinitionId"].every((name) =>
      sameRef(textAt(one, "properties", name), text(name)),
    ) && sameId(textAt(one, "properties", "scope") ?? "", id.scope);
  if (existing && !same(existing.body))
    throw badRequest(
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
      "RoleAssignmentUpdateNotPermitted",
    );
  const twin = core.resources.ofType(NAME).find((one) => !sameId(one.id, id.text) && same(one.body));
  if (twin)
    throw conflict(
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the existing role assignment is ${twin.name.replaceAll("-", "")}.`,
    );
  return { ...body, properties: { principalType: "ServicePrincipal", ...wanted, scope: id.scope || "/" } };
}

/** Ids of role definitions are the same with and without their subscription. */
function sameRef(one: string | undefined, other: string): boolean {
  const name = (id: string) => keyOf(id).split("/").at(-1);
  return name(one ?? "") === name(other);
}
