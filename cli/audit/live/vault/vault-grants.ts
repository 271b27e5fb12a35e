import { accountOfSubject } from "../../../kubernetes/account-of-subject";
import { fieldOf, listOf } from "../../../verify/vault-access";
import { type DeclaredLoop, keyPath } from "../declared-loop";
import type { Grant } from "../live-reading";
import type { Login, VaultFacts } from "./facts";
import { type PolicyRights, usesOf } from "./rights";

/** Who may do what with the key, by every login, identity and token that Vault has. */
export function vaultGrants(facts: VaultFacts, declared: DeclaredLoop, rights: PolicyRights): Grant[] {
  const key = keyPath(declared);
  const grant = (identity: string, path: string, policies: readonly string[]): Grant[] => {
    const telling = policies.filter((policy) => usesOf(rights.of([policy])).length > 0);
    const may = usesOf(rights.of(policies));
    return may.length > 0
      ? [{ identity, may, key, by: [path, ...telling.map((name) => `policy ${name}`)] }]
      : [];
  };
  return [
    ...(facts.logins ?? []).flatMap((login) =>
      identitiesOf(login).flatMap((identity) => grant(identity, login.path, login.policies)),
    ),
    ...(facts.identities ?? []).flatMap(({ path, policies }) => grant(path, path, policies)),
    ...(facts.tokens ?? []).flatMap(({ name, path, policies }) =>
      path.startsWith("auth/token/") ? grant(`token ${name}`, path, policies) : [],
    ),
  ];
}

/** Who gets in by a login, as far as its own fields tell. */
function identitiesOf({ path, type, fields }: Login): string[] {
  if (type === "kubernetes") {
    const selector = String(fields.bound_service_account_namespace_selector ?? "");
    const namespaces = listOf(fields.bound_service_account_namespaces);
    const places = selector === "" ? namespaces : [...namespaces, `(${selector})`];
    const names = listOf(fields.bound_service_account_names);
    return places.flatMap((place) => names.map((name) => `ServiceAccount ${place}/${name}`));
  }
  if (type !== "jwt" && type !== "oidc") return [path];
  const account = accountOfSubject(String(fields.bound_subject ?? ""));
  if (account) return [`ServiceAccount ${account.namespace}/${account.name}`];
  const claims = Object.entries(fieldOf(fields, "bound_claims") ?? {}).map(
    ([name, value]) => `${name}=${Array.isArray(value) ? value.join("|") : value}`,
  );
  const subject = fields.bound_subject ? [`sub=${fields.bound_subject}`] : [];
  const who = [...subject, ...claims.sort()];
  return [who.length > 0 ? `tokens with ${who.join(", ")}` : "every token of the issuer"];
}
