import { grantsOfRole, isWrite, JWT_ROLE } from "../reading/vault-roles";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-pipeline-writes-from-protected",
  title: "Jobs of unprotected branches only read",
  why: "Everybody who may push a branch writes the script of its jobs.",
  remedy:
    'Add `ref`, `ref_type` and `ref_protected: "true"` to the role\'s `boundClaims`, or give it read on the key alone.',
  severity: "high",
  types: [JWT_ROLE],
  *check(role, stack) {
    const claims = new Map(role.entries("boundClaims").map(([name, value]) => [name, value.text() ?? ""]));
    if (!claims.has("project_id")) return;
    if (claims.get("ref_protected") === "true" && (claims.get("ref") ?? "") !== "") return;
    const writes = grantsOfRole(role, stack).filter(isWrite);
    if (writes.length > 0)
      yield `lets jobs of unprotected branches write (${writes.map(({ path }) => path).join(", ")}); bind ref and ref_protected in boundClaims`;
  },
});
