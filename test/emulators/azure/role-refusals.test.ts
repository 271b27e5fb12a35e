import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assign, judges, principalWithSecret, ROLE, vaultForAll } from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";

let azure: TestAzure;
let vault: string;

beforeAll(async () => {
  azure = await testAzure();
  vault = await vaultForAll(azure, "roles-kv");
});
afterAll(() => azure.close());

describe("what ARM refuses of roles and assignments", () => {
  const scope = () => `/subscriptions/${azure.subscriptionId}`;
  const create = (change: object, at = scope(), name: string = crypto.randomUUID()) =>
    judges(azure).authorization.roleAssignments.create(at, name, {
      principalId: azure.deployer.objectId,
      roleDefinitionId: `${scope()}/providers/Microsoft.Authorization/roleDefinitions/${ROLE.reader}`,
      ...change,
    });

  it.each([
    {
      what: "a principal of nobody",
      change: { principalId: "11111111-1111-4111-8111-111111111111" },
      code: "PrincipalNotFound",
    },
    {
      what: "a role of nobody",
      change: { roleDefinitionId: "/providers/x/roleDefinitions/22222222-2222-4222-8222-222222222222" },
      code: "RoleDefinitionDoesNotExist",
    },
    { what: "a user that is none", change: { principalType: "User" }, code: "UnmatchedPrincipalType" },
    {
      what: "a condition, which is not evaluated here",
      change: { condition: "true", conditionVersion: "2.0" },
      code: "NotImplemented",
    },
  ])("$what", async ({ change, code }) => {
    await expect(create(change)).rejects.toMatchObject({ code });
  });

  it("a second assignment of the same, a name that is no GUID, a scope that is not there", async () => {
    await create({});
    await expect(create({})).rejects.toMatchObject({ code: "RoleAssignmentExists", statusCode: 409 });
    await expect(create({}, scope(), "mine")).rejects.toMatchObject({ code: "InvalidRoleAssignmentId" });
    await expect(create({}, `${vault}/keys/none`)).rejects.toMatchObject({ code: "ParentResourceNotFound" });
  });

  it("a role of a name that there is already, and the deletion of one that is in use", async () => {
    const { roleDefinitions } = judges(azure).authorization;
    const role = { assignableScopes: [scope()], permissions: [{ dataActions: ["*"] }] };
    const id = crypto.randomUUID();
    await roleDefinitions.createOrUpdate(scope(), id, { ...role, roleName: "In use" });
    await assign(azure, azure.deployer.objectId, id, scope());
    const twin = roleDefinitions.createOrUpdate(scope(), crypto.randomUUID(), {
      ...role,
      roleName: "Reader",
    });
    await expect(twin).rejects.toMatchObject({ code: "RoleDefinitionWithSameNameExists" });
    await expect(roleDefinitions.delete(scope(), id)).rejects.toMatchObject({
      code: "RoleDefinitionHasAssignments",
    });
  });

  it("writing, by those who only read", async () => {
    const who = principalWithSecret(azure, "reader");
    await assign(azure, who.objectId, ROLE.reader, scope());
    const token = await azure.token("https://management.azure.com/.default", who.clientId, who.secret);
    const url = `https://management.azure.com${scope()}/resourceGroups/mine?api-version=2021-04-01`;
    const refused = await azure.ask("PUT", url, { token, body: { location: "westeurope" } });
    expect(refused).toMatchObject({ status: 403, body: { error: { code: "AuthorizationFailed" } } });
  });

  it("lists assignments by principal, and finds roles by their names", async () => {
    const { roleAssignments, roleDefinitions } = judges(azure).authorization;
    const roles = [];
    for await (const one of roleDefinitions.list(scope(), { filter: "roleName eq 'Key Vault Crypto User'" }))
      roles.push(one.name);
    expect(roles).toEqual([ROLE.cryptoUser]);
    const scopes = [];
    const filter = `principalId eq '${azure.deployer.objectId}'`;
    for await (const one of roleAssignments.listForScope(vault, { filter })) scopes.push(one.scope);
    expect(scopes).toContain(vault);
    expect(scopes).toContain(scope());
  });
});
