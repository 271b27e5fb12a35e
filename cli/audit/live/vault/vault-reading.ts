import type { VaultAccess } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import { found } from "../found";
import type { Grant } from "../live-reading";
import type { Parts } from "../parts";
import { auditFindings } from "./audit-checks";
import { authFindings } from "./auth-checks";
import type { VaultFacts } from "./facts";
import { jobRoleFindings } from "./job-role-checks";
import { keyFindings } from "./key-checks";
import { policyFindings } from "./policy-checks";
import { PolicyRights } from "./rights";
import { roleFindings } from "./role-checks";
import { declaredPaths, strangerFindings } from "./stranger-checks";
import { vaultGrants } from "./vault-grants";
import { VaultSurvey } from "./vault-survey";

/** What is wrong in Vault, and who may do what there. */
export async function readVault(
  vault: VaultAccess,
  declared: DeclaredLoop,
  parts: Parts,
): Promise<{ findings: Finding[]; grants: Grant[] }> {
  const facts = await new VaultSurvey(vault, declared, parts).facts();
  return judged(facts, declared);
}

/** The same of what was seen. */
export function judged(facts: VaultFacts, declared: DeclaredLoop): { findings: Finding[]; grants: Grant[] } {
  const roles = [...declaredPaths(declared)];
  const methods = [...new Set(roles.map((path) => path.replace(/\/role\/.*$/, "")))];
  const guards = { methods, roles, policies: Object.keys(declared.audit.policies) };
  const rights = new PolicyRights(facts.policies ?? new Map(), declared.audit.key, guards);
  return {
    findings: [
      ...auditFindings(facts, declared),
      ...keyFindings(facts, declared),
      ...authFindings(facts, declared),
      ...declaredRoleFindings(facts, declared),
      ...policyFindings(facts, declared, rights),
      ...strangerFindings(facts, declared, rights),
    ],
    grants: vaultGrants(facts, declared, rights),
  };
}

function declaredRoleFindings({ logins, unseen }: VaultFacts, { audit }: DeclaredLoop): Finding[] {
  if (logins === undefined) return [];
  const byPath = new Map(logins.map((login) => [login.path, login]));
  const gone = (auth: string, path: string) =>
    unseen.has(auth) ? [] : [found("vault-role-missing", path, "there is no such role")];
  return [
    ...audit.roles.flatMap((role) => {
      const path = `${role.auth}/role/${role.name}`;
      const login = byPath.get(path);
      return login ? roleFindings(role, login) : gone(role.auth, path);
    }),
    ...(audit.pipelines?.roles ?? []).flatMap((role) => {
      const path = `${role.auth}/role/${role.name}`;
      const login = byPath.get(path);
      return login ? jobRoleFindings(role, login) : gone(role.auth, path);
    }),
  ];
}
