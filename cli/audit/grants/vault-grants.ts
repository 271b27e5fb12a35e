import { capabilitiesAt, keyRights } from "../../preview-comment/access/key-rights";
import { type PathRule, policyRules } from "../../preview-comment/access/policy-rules";
import { inOrder } from "../facts/azure-rights";
import type { Facts, KeyFact, VaultLogin } from "../facts/facts";
import type { Right } from "../report-schema";
import type { Found } from "./found";

/** What the policies of each login let it do with each key of Vault, by Vault's own rules of priority. */
export function vaultGrants({ keys, policies, vaultLogins }: Facts): Found[] {
  const read = new Map([...policies].map(([name, text]) => [name, policyRules(text)]));
  const roles = vaultLogins.map(({ login }) => login);
  return vaultLogins.flatMap((login) =>
    keys.flatMap((key) => (key.transit ? grantsFor(login, key, key.transit, { read, roles, policies }) : [])),
  );
}

interface Policies {
  /** Undefined for one that cannot be read for certain. */
  readonly read: ReadonlyMap<string, readonly PathRule[] | undefined>;
  readonly policies: Facts["policies"];
  /** Every login there is. */
  readonly roles: readonly string[];
}

function grantsFor(
  { login, identities, policies: names, conditions }: VaultLogin,
  { key }: KeyFact,
  { mount, name }: NonNullable<KeyFact["transit"]>,
  { read, roles, policies }: Policies,
): Found[] {
  const unknown = [
    ...(names === undefined ? [`which policies ${login} has`] : []),
    ...(names ?? []).flatMap((policy) => {
      if (!policies.has(policy)) return [`policy ${policy}, which the stack does not make`];
      return read.get(policy) === undefined ? [`the text of policy ${policy}`] : [];
    }),
  ];
  const known = (names ?? []).map((policy) => [policy, read.get(policy) ?? []] as const);
  const rightsBy = (rules: readonly PathRule[]): readonly Right[] =>
    inOrder([
      ...keyRights(rules, mount, name),
      ...(mayGiveRights(rules, [...policies.keys()], roles) ? ["give rights"] : []),
    ]);
  const rights = rightsBy(known.flatMap(([, rules]) => rules));
  if (rights.length === 0 && unknown.length === 0) return [];
  const giving = known.filter(([, rules]) => rightsBy(rules).some((right) => rights.includes(right)));
  const path = {
    login,
    policies: giving.map(([policy]) => policy),
    rights: [...rights],
    conditions: [...conditions],
  };
  return identities.map((identity) => ({ identity, key: key.id, path, unknown }));
}

/** Whether it may write a policy or a login of the stack, and so give itself whatever it likes. */
function mayGiveRights(
  rules: readonly PathRule[],
  policies: readonly string[],
  roles: readonly string[],
): boolean {
  const paths = [...policies.flatMap((name) => [`sys/policies/acl/${name}`, `sys/policy/${name}`]), ...roles];
  return paths.some((path) => {
    const has = capabilitiesAt(rules, path);
    return !has.has("deny") && (has.has("update") || has.has("create") || has.has("patch"));
  });
}
