import { DECRYPT_ACTION, IDENTITY, isSameId } from "../reading/azure";
import { rolesOf, subjectsOf } from "../reading/azure-identities";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "azure-identity-only-decrypts",
  title: "The cluster's identity decrypts, and does nothing else",
  why: "What runs in the cluster is what an attacker reaches first. An identity that encrypts as well can replace secrets by its own.",
  remedy: "Assign it a role of your own whose only data action is keys/decrypt/action, for the one key.",
  severity: "high",
  types: [IDENTITY],
  *check(identity, stack) {
    const isClusters = subjectsOf(identity, stack).some((text) => text.startsWith("system:serviceaccount:"));
    if (!isClusters) return;
    for (const { builtIn, actions } of rolesOf(identity, stack)) {
      const more =
        builtIn === undefined
          ? actions.filter((action) => !isSameId(action, DECRYPT_ACTION))
          : [`whatever ${builtIn} may`];
      if (more.length > 0)
        yield `is the cluster's and may also ${more.join(", ")}; assign it a role that only decrypts`;
    }
  },
});
