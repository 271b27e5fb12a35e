import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";
import {
  builtInRole,
  FEDERATED_CREDENTIAL,
  guidOf,
  isSameId,
  leadsTo,
  ROLE_ASSIGNMENT,
  ROLE_DEFINITION,
} from "./azure";

/** What a role lets its holder do. */
export interface AssignedRole {
  /** Name of a built-in one; undefined for a role of one's own. */
  readonly builtIn: string | undefined;
  /** Actions and data actions; none of a built-in role, and of one that is not in the stack. */
  readonly actions: readonly string[];
}

/** Subjects of the tokens that are exchanged for this identity's. */
export function subjectsOf(identity: Subject, stack: Stack): readonly string[] {
  const name = identity.text("name") ?? identity.text("resourceName");
  return stack
    .ofType(FEDERATED_CREDENTIAL)
    .filter((credential) => leadsTo(credential, "resourceName", identity, (text) => text === name))
    .map((credential) => credential.text("subject") ?? "");
}

/** The roles that the stack assigns to an identity. */
export function rolesOf(identity: Subject, stack: Stack): readonly AssignedRole[] {
  const principal = identity.text("principalId") ?? "";
  return stack
    .ofType(ROLE_ASSIGNMENT)
    .filter((assignment) => isSameId(assignment.text("principalId") ?? "", principal))
    .map((assignment) => roleOf(assignment.text("roleDefinitionId") ?? "", stack));
}

function roleOf(id: string, stack: Stack): AssignedRole {
  const builtIn = builtInRole(id);
  if (builtIn !== undefined) return { builtIn, actions: [] };
  const actions = stack
    .ofType(ROLE_DEFINITION)
    .filter((definition) =>
      isSameId(definition.text("name") ?? definition.text("roleDefinitionId") ?? "", guidOf(id)),
    )
    .flatMap((definition) => definition.list("permissions"))
    .flatMap((permission) => [...permission.texts("actions"), ...permission.texts("dataActions")]);
  return { builtIn, actions };
}
