import type { DeclaredRole } from "../../../verify/declared";
import { listOf } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import { found } from "../found";
import type { Login } from "./facts";
import { tokenFindings } from "./token-checks";

/** A role for service accounts as it is against what is declared of it. */
export function roleFindings(role: DeclaredRole, login: Login): Finding[] {
  const bound = login.type === "kubernetes" ? kubernetesBinding(role, login) : jwtBinding(role, login);
  return [...bound, ...tokenFindings(role, login)];
}

function kubernetesBinding(role: DeclaredRole, { path, fields }: Login): Finding[] {
  const mend = `vault read ${path}; pulumi up --refresh`;
  const names = listOf(fields.bound_service_account_names);
  const namespaces = listOf(fields.bound_service_account_namespaces);
  const selector = String(fields.bound_service_account_namespace_selector ?? "");
  const findings: Finding[] = [];
  const patterns = [...names, ...namespaces].filter((name) => name.includes("*"));
  if (patterns.length > 0 || selector !== "")
    findings.push(
      found(
        "vault-role-bound-wildcard",
        path,
        `it takes accounts ${names.join(", ")} of namespaces ${selector === "" ? namespaces.join(", ") : `with ${selector}`}`,
        mend,
      ),
    );
  else {
    const others = [
      ...names.filter((name) => !role.serviceAccounts.includes(name)),
      ...namespaces.filter((name) => !role.namespaces.includes(name)),
    ];
    if (others.length > 0)
      findings.push(found("vault-role-bound-others", path, `it takes ${others.join(", ")} too`, mend));
  }
  return [
    ...findings,
    ...audienceFindings(
      role,
      String(fields.audience ?? "")
        .split(",")
        .filter(Boolean),
      path,
    ),
  ];
}

function jwtBinding(role: DeclaredRole, { path, fields }: Login): Finding[] {
  const mend = `vault read ${path}; pulumi up --refresh`;
  const wanted = `system:serviceaccount:${role.namespaces[0]}:${role.serviceAccounts[0]}`;
  const subject = String(fields.bound_subject ?? "");
  const findings: Finding[] = [];
  if (subject === "") findings.push(found("vault-role-bound-wildcard", path, "it takes every account", mend));
  else if (subject !== wanted)
    findings.push(found("vault-role-bound-others", path, `it takes ${subject}, declared is ${wanted}`, mend));
  return [...findings, ...audienceFindings(role, listOf(fields.bound_audiences), path)];
}

/** @param live audiences that the role takes; none: any */
export function audienceFindings(
  { audience }: { readonly audience: string | null },
  live: readonly string[],
  path: string,
): Finding[] {
  if (audience === null) return [];
  const mend = `vault read ${path}; pulumi up --refresh`;
  if (live.length === 0)
    return [found("vault-role-no-audience", path, `it takes any audience, declared is ${audience}`, mend)];
  const others = live.filter((one) => one !== audience);
  return others.length > 0
    ? [found("vault-role-other-audience", path, `it takes tokens for ${others.join(", ")}`, mend)]
    : [];
}
