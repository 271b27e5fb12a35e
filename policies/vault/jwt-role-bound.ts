import { isPattern, JWT_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-jwt-role-bound",
  title: "A JWT role is for one subject, or for one project's jobs",
  why: "The issuer signs tokens for everybody who uses it. Only what the role binds tells one from the other.",
  remedy: "Set `boundSubject` to one service account, or `boundClaims` with `project_id`, each in full.",
  severity: "critical",
  types: [JWT_ROLE],
  *check(role) {
    const claims = role.entries("boundClaims");
    const values = claims.map(([name, value]) => [name, value.text() ?? ""] as const);
    const isGlob = role.text("boundClaimsType") === "glob";
    if (!role.has("boundSubject") && claims.length === 0)
      yield "is for everybody whom the issuer signs a token for; set boundSubject, or boundClaims with project_id";
    if (isPattern(role.text("boundSubject") ?? ""))
      yield "has a boundSubject with a pattern, which Vault compares as it stands; write the subject in full";
    for (const [name, value] of values)
      if (isGlob && value.includes("*"))
        yield `is for any ${name} like "${value}"; set boundClaimsType to string and write it in full`;
    if (
      claims.length > 0 &&
      !role.has("boundSubject") &&
      !values.some(([name]) => name === "project_id" || name === "sub")
    )
      yield "binds no project_id: names and paths of projects can change hands, numbers cannot; add it to boundClaims";
  },
});
