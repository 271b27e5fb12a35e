import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";
import { type Grant, grantsOf } from "./vault-policy";

export const KUBERNETES_ROLE = "vault:kubernetes/authBackendRole:AuthBackendRole";
export const JWT_ROLE = "vault:jwt/authBackendRole:AuthBackendRole";
export const MOUNT = "vault:index/mount:Mount";
export const POLICY = "vault:index/policy:Policy";
export const TRANSIT_KEY = "vault:transit/secretBackendKey:SecretBackendKey";

/** The role that the Flux guide makes, in every detail; one that differs is a role as any other. */
const GUIDE = {
  name: "flux-sops-role",
  accounts: ["kustomize-controller", "source-controller"],
  policies: ["flux-sops-policy"],
};

/**
 * Whether this is the Flux guide's own role, which the program makes for those who follow the guide. It is looser than other rules
 * allow, and has one of its own: vault-kubernetes-role-guide.
 */
export function isGuideRole(role: Subject): boolean {
  if (role.type !== KUBERNETES_ROLE || role.text("roleName") !== GUIDE.name) return false;
  const namespaces = role.texts("boundServiceAccountNamespaces");
  return (
    isSame(role.texts("boundServiceAccountNames"), GUIDE.accounts) &&
    isSame(role.texts("tokenPolicies"), GUIDE.policies) &&
    namespaces.length === 1 &&
    !namespaces.some(isPattern) &&
    !role.has("boundServiceAccountNamespaceSelector")
  );
}

function isSame(given: readonly string[], wanted: readonly string[]): boolean {
  return JSON.stringify([...given].sort()) === JSON.stringify(wanted);
}

/** Whether a name stands for more than itself where Vault compares it. */
export function isPattern(name: string): boolean {
  return /[*?[]/.test(name);
}

/** A grant of a role. */
export interface RoleGrant extends Grant {
  /** Whether it lets its holder decrypt with a key, in full or by a glob that covers it. */
  readonly decrypts: boolean;
}

/** What the role's policies grant, as far as they belong to the stack. */
export function grantsOfRole(role: Subject, stack: Stack): readonly RoleGrant[] {
  const names = role.texts("tokenPolicies");
  if (names.length === 0) return [];
  const engines = stack
    .ofType(MOUNT)
    .filter((mount) => mount.text("type") === "transit")
    .map((mount) => mount.text("path") ?? "");
  return stack
    .ofType(POLICY)
    .filter((policy) => names.includes(policy.text("name") ?? ""))
    .filter((policy) => policy.text("namespace") === role.text("namespace"))
    .flatMap((policy) => grantsOf(policy.at("policy")))
    .map((grant) => ({ ...grant, decrypts: mayDecrypt(grant, ["transit", ...engines]) }));
}

function mayDecrypt(grant: Grant, engines: readonly string[]): boolean {
  if (!isWrite(grant)) return false;
  if (transitUse(grant)?.verb === "decrypt") return true;
  const [beginning = ""] = grant.path.split(/[*+]/);
  return beginning !== grant.path && engines.some((engine) => `${engine}/decrypt/any`.startsWith(beginning));
}

/** What a path of the transit engine is for, such as `decrypt`; undefined for other paths. */
export function transitUse({ path }: Grant): { readonly verb: string; readonly key: string } | undefined {
  const [, verb, key] = /(?:^|\/)(encrypt|decrypt|rewrap|hmac|sign|verify|datakey)\/(.+)$/.exec(path) ?? [];
  return verb === undefined || key === undefined ? undefined : { verb, key };
}

/** Whether the grant lets its holder do anything at all but look. */
export function isWrite({ capabilities }: Grant): boolean {
  return (
    !capabilities.includes("deny") &&
    capabilities.some((each) => ["create", "update", "patch", "delete", "sudo"].includes(each))
  );
}

/** Whom a role is for: service accounts as `namespace/name`. Undefined for roles of others, such as pipelines. */
export function accountsOf(role: Subject): readonly string[] | undefined {
  if (role.type === KUBERNETES_ROLE) {
    const names = role.texts("boundServiceAccountNames");
    const namespaces = role.has("boundServiceAccountNamespaceSelector")
      ? ["*"]
      : role.texts("boundServiceAccountNamespaces");
    return namespaces.flatMap((namespace) => names.map((name) => `${namespace}/${name}`));
  }
  const [, namespace, name] =
    /^system:serviceaccount:([^:]+):([^:]+)$/.exec(role.text("boundSubject") ?? "") ?? [];
  return namespace === undefined || name === undefined ? undefined : [`${namespace}/${name}`];
}

/** Audiences that the role's tokens have to be made for. */
export function audiencesOf(role: Subject): readonly string[] {
  if (role.type === JWT_ROLE) return role.texts("boundAudiences");
  const audience = role.text("audience");
  return audience ? [audience] : [];
}
