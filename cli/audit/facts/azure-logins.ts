import { guidOf } from "../../../policies/reading/azure";
import type { Identity } from "../report-schema";
import type { AuditOutput } from "../source/audit-output";
import type { StackReading } from "../source/stack-reading";
import type { StateResource } from "../source/state-resource";
import { builtInRights, rightsOfOperations, rightsOfPermissions } from "./azure-rights";
import { type AzureLogin, type KeyFact, textAt, textsAt } from "./facts";
import { federated, type ProjectPaths, principal } from "./identities";

const ASSIGNMENT = "azure-native:authorization:RoleAssignment";
const DEFINITION = "azure-native:authorization:RoleDefinition";
const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";

/** Everybody whom Azure lets near a key: by the role assignments of the state, or as the output `audit` has it where there are none. */
export function azureLogins(
  { resources }: StackReading,
  { azure }: AuditOutput,
  keys: readonly KeyFact[],
  paths: ProjectPaths,
): readonly AzureLogin[] {
  const mine = keys.filter(({ key }) => key.backend === "azure");
  const assignments = resources.filter(({ type }) => type === ASSIGNMENT);
  if (assignments.length === 0)
    return (azure?.identities ?? []).map((record) => ofRecord(record, mine, paths));
  const byPrincipal = new Map<string, StateResource[]>();
  for (const state of assignments) {
    const who = textAt(state.values, "principalId") ?? "a principal that is not known";
    byPrincipal.set(who, [...(byPrincipal.get(who) ?? []), state]);
  }
  return [...byPrincipal].flatMap(([who, states]) => {
    const assigned = states.flatMap((state) => assignmentOf(state, resources, mine) ?? []);
    return assigned.length === 0 ? [] : [{ ...loginOf(who, resources, paths), assignments: assigned }];
  });
}

function ofRecord(
  { name, issuer, subject, audience, may }: NonNullable<AuditOutput["azure"]>["identities"][number],
  keys: readonly KeyFact[],
  paths: ProjectPaths,
): AzureLogin {
  return {
    login: name,
    identities: [federated(issuer, subject, paths)],
    conditions: [`the token is of ${issuer} for ${subject}`, `its audience is ${audience}`],
    assignments: [
      { role: may.join(", "), rights: rightsOfOperations(may), keys: keys.map(({ key }) => key.id) },
    ],
  };
}

/** Undefined where it is about none of the keys. */
function assignmentOf(
  { values }: StateResource,
  resources: readonly StateResource[],
  keys: readonly KeyFact[],
): AzureLogin["assignments"][number] | undefined {
  const scope = (textAt(values, "scope") ?? "").toLowerCase().replace(/\/+$/, "");
  const covered = keys.filter(
    ({ armId }) => armId !== undefined && scope !== "" && (armId === scope || armId.startsWith(`${scope}/`)),
  );
  if (covered.length === 0) return undefined;
  const ids = covered.map(({ key }) => key.id);
  const roleId = textAt(values, "roleDefinitionId") ?? "";
  const builtIn = builtInRights(roleId);
  if (builtIn) return { role: builtIn.name, rights: builtIn.rights, keys: ids };
  const own = resources.find(({ type, id, values: definition }) => {
    if (type !== DEFINITION) return false;
    const guid = guidOf(roleId);
    return (
      guid !== "" && (guidOf(id) === guid || guidOf(textAt(definition, "roleDefinitionId") ?? "") === guid)
    );
  });
  if (own === undefined) {
    const role = guidOf(roleId) || "a role that is not known";
    return { role, rights: [], keys: ids, unknown: `role ${role}, which the stack does not define` };
  }
  const role = textAt(own.values, "roleName") ?? own.name;
  return { role, rights: rightsOfPermissions(own.values.permissions), keys: ids };
}

/** Who may be a principal: by federated credentials where it is an identity of the stack, else nobody that is known here. */
function loginOf(
  principalId: string,
  resources: readonly StateResource[],
  paths: ProjectPaths,
): Pick<AzureLogin, "login" | "identities" | "conditions"> {
  const identity = resources.find(
    ({ type, values }) => type === IDENTITY && textAt(values, "principalId") === principalId,
  );
  const name = identity && (textAt(identity.values, "name") ?? textAt(identity.values, "resourceName"));
  if (name === undefined) {
    const other = `principal ${principalId}`;
    return { login: other, identities: [principal(other)], conditions: [] };
  }
  const credentials = resources.filter(
    ({ type, values }) => type === CREDENTIAL && textAt(values, "resourceName") === name,
  );
  const trusted = credentials.map(({ values }): [Identity, string] => {
    const [issuer, subject] = [textAt(values, "issuer") ?? "", textAt(values, "subject") ?? ""];
    const audiences = textsAt(values, "audiences").join(" or ");
    return [
      federated(issuer, subject, paths),
      `the token is of ${issuer} for ${subject}, its audience ${audiences}`,
    ];
  });
  return {
    login: name,
    identities: trusted.length === 0 ? [principal(name)] : trusted.map(([who]) => who),
    conditions: trusted.map(([, condition]) => condition),
  };
}
