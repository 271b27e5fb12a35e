import {
  builtInRole,
  DECRYPT_ACTION,
  FEDERATED_CREDENTIAL,
  guidOf,
  IDENTITY,
  isSameId,
  leadsTo,
  ROLE_ASSIGNMENT,
  ROLE_DEFINITION,
} from "../reading/azure";
import { stackRule } from "../rule";
import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";

export const rule = stackRule({
  name: "azure-identity-only-decrypts",
  title: "The cluster's identity decrypts, and does nothing else",
  why: "What runs in the cluster is what an attacker reaches first. An identity that encrypts as well can replace secrets by its own.",
  remedy: "Assign it a role of your own whose only data action is keys/decrypt/action, for the one key.",
  severity: "high",
  types: [IDENTITY],
  *check(identity, stack) {
    if (!isClusters(identity, stack)) return;
    const principal = identity.text("principalId") ?? "";
    for (const assignment of stack.ofType(ROLE_ASSIGNMENT)) {
      if (!isSameId(assignment.text("principalId") ?? "", principal)) continue;
      const id = assignment.text("roleDefinitionId") ?? "";
      const more = actionsOf(id, stack).filter((action) => !isSameId(action, DECRYPT_ACTION));
      if (more.length > 0)
        yield `is the cluster's and may also ${more.join(", ")}; assign it a role that only decrypts`;
    }
  },
});

/** Whether service accounts of a cluster become this identity. */
function isClusters(identity: Subject, stack: Stack): boolean {
  const name = identity.text("name") ?? identity.text("resourceName");
  return stack
    .ofType(FEDERATED_CREDENTIAL)
    .some(
      (credential) =>
        leadsTo(credential, "resourceName", identity, (text) => text === name) &&
        (credential.text("subject") ?? "").startsWith("system:serviceaccount:"),
    );
}

/** What a role allows: of a built-in one its name, of one that is not in the stack nothing. */
function actionsOf(id: string, stack: Stack): readonly string[] {
  const builtIn = builtInRole(id);
  if (builtIn !== undefined) return [`whatever ${builtIn} may`];
  return stack
    .ofType(ROLE_DEFINITION)
    .filter((definition) =>
      isSameId(definition.text("name") ?? definition.text("roleDefinitionId") ?? "", guidOf(id)),
    )
    .flatMap((definition) => definition.list("permissions"))
    .flatMap((permission) => [...permission.texts("actions"), ...permission.texts("dataActions")]);
}
