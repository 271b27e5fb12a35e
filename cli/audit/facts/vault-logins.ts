import { isObject, type PlainObject } from "../../preview-comment/secrets/pulumi-values";
import type { Identity } from "../report-schema";
import type { AuditOutput } from "../source/audit-output";
import type { StackReading } from "../source/stack-reading";
import type { StateResource } from "../source/state-resource";
import { numberAt, textAt, textsAt, type VaultLogin } from "./facts";
import { federated, jobs, type ProjectPaths, serviceAccount, whoeverBy } from "./identities";

const KUBERNETES = "vault:kubernetes/authBackendRole:AuthBackendRole";
const JWT = "vault:jwt/authBackendRole:AuthBackendRole";
/** Other ways in, with what opens them; whoever has that is not known to a stack. */
const OTHERS: ReadonlyMap<string, readonly [mount: string, how: string]> = new Map([
  ["vault:appRole/authBackendRole:AuthBackendRole", ["approle", "whoever has the secret id"]],
  ["vault:aws/authBackendRole:AuthBackendRole", ["aws", "whoever is bound by AWS"]],
  ["vault:azure/authBackendRole:AuthBackendRole", ["azure", "whoever is bound by Azure"]],
  ["vault:gcp/authBackendRole:AuthBackendRole", ["gcp", "whoever is bound by Google Cloud"]],
  ["vault:index/certAuthBackendRole:CertAuthBackendRole", ["cert", "whoever has the certificate"]],
]);

/** Every way in to Vault that the stack has: from its resources, and from the output `audit` where there are none. */
export function vaultLogins(
  { resources }: StackReading,
  audit: AuditOutput,
  paths: ProjectPaths,
): readonly VaultLogin[] {
  const logins = new Map<string, VaultLogin>();
  const told = [
    ...audit.roles.map(ofDecryptor),
    ...(audit.pipelines?.roles ?? []).map((role) => ofJobs(role, paths)),
  ];
  for (const login of [...told, ...resources.flatMap((state) => ofResource(state, paths) ?? [])])
    logins.set(login.login, login);
  return [...logins.values()];
}

function ofDecryptor(role: AuditOutput["roles"][number]): VaultLogin {
  return {
    login: `${role.auth}/role/${role.name}`,
    identities: role.namespaces.flatMap((namespace) =>
      role.serviceAccounts.map((account) => serviceAccount(namespace, account)),
    ),
    policies: role.policies,
    conditions: conditionsOf(role.audience === null ? [] : [role.audience], role.ttlSeconds, role.tokenType),
  };
}

function ofJobs(
  role: NonNullable<AuditOutput["pipelines"]>["roles"][number],
  paths: ProjectPaths,
): VaultLogin {
  return {
    login: `${role.auth}/role/${role.name}`,
    identities: [jobs(role.projectId, role.protectedBranch ?? undefined, role.sources, paths)],
    policies: role.policies,
    conditions: [
      ...(role.protectedBranch === null ? [] : ["the branch is protected"]),
      ...conditionsOf(role.audience === null ? [] : [role.audience], role.ttlSeconds, "batch"),
    ],
  };
}

function ofResource(state: StateResource, paths: ProjectPaths): VaultLogin | undefined {
  const { type, values } = state;
  const name = textAt(values, "roleName") ?? textAt(values, "role") ?? textAt(values, "name");
  const [mount, how] = OTHERS.get(type) ?? [];
  const isKnown = type === KUBERNETES || type === JWT || mount !== undefined;
  if (!isKnown || name === undefined) return undefined;
  const backend = textAt(values, "backend") ?? mount ?? (type === JWT ? "jwt" : "kubernetes");
  const login = `auth/${backend}/role/${name}`;
  const identities =
    type === KUBERNETES
      ? accountsOf(values)
      : type === JWT
        ? [claimantOf(login, values, paths)]
        : [whoeverBy(login, how ?? "")];
  const audiences = type === JWT ? textsAt(values, "boundAudiences") : textsAt(values, "audience");
  const policies =
    "tokenPolicies" in values && !Array.isArray(values.tokenPolicies)
      ? undefined
      : textsAt(values, "tokenPolicies");
  return {
    ...{ login, identities, policies },
    conditions: [
      ...claimConditions(values),
      ...conditionsOf(audiences, numberAt(values, "tokenTtl") ?? 0, textAt(values, "tokenType") ?? "default"),
    ],
  };
}

function accountsOf(values: PlainObject): Identity[] {
  const bySelector = textAt(values, "boundServiceAccountNamespaceSelector") !== undefined;
  const namespaces = bySelector ? ["*"] : textsAt(values, "boundServiceAccountNamespaces");
  return namespaces.flatMap((namespace) =>
    textsAt(values, "boundServiceAccountNames").map((account) => serviceAccount(namespace, account)),
  );
}

/** Whose tokens a role of the JWT method takes. */
function claimantOf(login: string, values: PlainObject, paths: ProjectPaths): Identity {
  const subject = textAt(values, "boundSubject");
  if (subject !== undefined) return federated("Vault", subject, paths);
  const claims = claimsOf(values);
  const listed = (name: string) => (claims[name] === undefined ? [] : claims[name].split(","));
  const [project] = listed("project_id");
  if (project !== undefined) {
    const branch = claims.ref_protected === "true" ? claims.ref : undefined;
    return jobs(project, branch, listed("pipeline_source"), paths);
  }
  if (claims.project_path !== undefined)
    return jobs(claims.project_path, claims.ref, listed("pipeline_source"), paths);
  const bound = Object.entries(claims).map(([name, value]) => `${name} = ${value}`);
  return whoeverBy(
    login,
    bound.length === 0 ? "any token that the issuer signs" : `any token with ${bound.join(", ")}`,
  );
}

function claimsOf({ boundClaims }: PlainObject): Readonly<Record<string, string | undefined>> {
  if (!isObject(boundClaims)) return {};
  return Object.fromEntries(Object.entries(boundClaims).map(([name, value]) => [name, String(value)]));
}

function claimConditions(values: PlainObject): string[] {
  const selector = textAt(values, "boundServiceAccountNamespaceSelector");
  return [
    ...(claimsOf(values).ref_protected === "true" ? ["the branch is protected"] : []),
    ...(selector === undefined ? [] : [`the namespace has the labels ${selector}`]),
  ];
}

/** @param seconds that the login lasts; 0 where Vault's default decides. */
function conditionsOf(audiences: readonly string[], seconds: number, tokenType: string): string[] {
  return [
    audiences.length === 0
      ? "a token for any audience will do"
      : `the token is for ${audiences.join(" or ")}`,
    seconds === 0 ? "the login lasts as long as Vault lets it" : `the login lasts ${spanOf(seconds)}`,
    ...(tokenType === "batch" ? [] : ["the login can be renewed"]),
  ];
}

function spanOf(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
