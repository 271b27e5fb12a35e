import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import { found } from "../found";
import type { Login, TokenKind, VaultFacts } from "./facts";
import { harms, inWords, type PolicyRights } from "./rights";

/** Who comes to the key by a way that the program has not made. */
export function strangerFindings(facts: VaultFacts, declared: DeclaredLoop, rights: PolicyRights): Finding[] {
  const known = declaredPaths(declared);
  const logins = (facts.logins ?? []).filter(({ path }) => !known.has(path));
  return [
    ...logins.flatMap((login) => loginFinding(login, rights)),
    ...(facts.identities ?? []).flatMap(({ path, policies }) => {
      const allowed = rights.of(policies);
      if (!harms(allowed)) return [];
      return [found("vault-identity-undeclared", path, `${policies.join(", ")} allows ${inWords(allowed)}`)];
    }),
    ...(facts.tokens ?? []).flatMap((kind) => tokenFinding(kind, rights)),
  ];
}

/** Roles that the program has made, as `auth/kubernetes/role/x`. */
export function declaredPaths({ audit }: DeclaredLoop): ReadonlySet<string> {
  const roles = [...audit.roles, ...(audit.pipelines?.roles ?? [])];
  return new Set(roles.map(({ auth, name }) => `${auth}/role/${name}`));
}

function loginFinding({ path, type, policies }: Login, rights: PolicyRights): Finding[] {
  const allowed = rights.of(policies);
  if (!harms(allowed)) return [];
  const id = ["kubernetes", "jwt", "oidc"].includes(type)
    ? "vault-role-undeclared"
    : "vault-login-undeclared";
  return [
    found(
      id,
      path,
      `${policies.join(", ")} allows ${inWords(allowed)}`,
      `vault read ${path}; vault delete ${path}`,
    ),
  ];
}

function tokenFinding({ name, path, policies, count }: TokenKind, rights: PolicyRights): Finding[] {
  const many = count === 1 ? "one token" : `${count} tokens`;
  if (policies.includes("root"))
    return [found("vault-token-root", path, `${many} (${name}) beside the one of this run`)];
  // Those of a role are as good or bad as the role, which is looked at itself.
  if (path !== "auth/token/create" && !path.startsWith("auth/token/create-orphan")) return [];
  const allowed = rights.of(policies);
  if (!harms(allowed)) return [];
  return [
    found(
      "vault-token-undeclared",
      path,
      `${many} (${name}) with ${policies.join(", ")}: ${inWords(allowed)}`,
    ),
  ];
}
