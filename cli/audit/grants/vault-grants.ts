import { capabilitiesAt, keyRights } from "../../preview-comment/access/key-rights";
import { type PathRule, policyRules } from "../../preview-comment/access/policy-rules";
import { inOrder } from "../facts/azure-rights";
import type { Facts, KeyFact, VaultLogin } from "../facts/facts";
import type { Right } from "../report-schema";
import type { Found } from "./found";

/** What the policies of each login let it do with each key of Vault, by Vault's own rules of priority. */
export function vaultGrants({ keys, policies, vaultLogins }: Facts): Found[] {
  const read = new Map([...policies].map(([name, text]) => [name, policyRules(text)]));
  const guards = [
    ...[...policies.keys()].flatMap((name) => [`sys/policies/acl/${name}`, `sys/policy/${name}`]),
    ...vaultLogins.map(({ login }) => login),
  ];
  const others = new Map([...read].map(([name, rules = []]) => [name, mayWrite(rules, guards)]));
  return vaultLogins.flatMap((login) => {
    const named = (login.policies ?? []).map((name): Policy => {
      const rules = read.get(name) ?? [];
      return { name, rules, givesRights: others.get(name) === true };
    });
    const all = named.flatMap(({ rules }) => rules);
    const whole = { name: "", rules: all, givesRights: named.length > 0 && mayWrite(all, guards) };
    const unknown = unknownOf(login, read);
    return keys.flatMap((key) => grantsFor(login, key, { whole, named, unknown }));
  });
}

/** One policy, or all of a login together. */
interface Policy {
  readonly name: string;
  readonly rules: readonly PathRule[];
  /** Whether it may write a policy or a login of the stack, and so give itself whatever it likes. */
  readonly givesRights: boolean;
}

interface Policies {
  readonly whole: Policy;
  readonly named: readonly Policy[];
  readonly unknown: readonly string[];
}

function grantsFor(
  { login, identities, conditions }: VaultLogin,
  { key, transit }: KeyFact,
  { whole, named, unknown }: Policies,
): Found[] {
  if (transit === undefined) return [];
  const rightsBy = ({ rules, givesRights }: Policy): readonly Right[] =>
    inOrder([...keyRights(rules, transit.mount, transit.name), ...(givesRights ? ["give rights"] : [])]);
  const rights = rightsBy(whole);
  if (rights.length === 0 && unknown.length === 0) return [];
  const giving = named.filter((policy) => rightsBy(policy).some((right) => rights.includes(right)));
  const path = {
    ...{ login, policies: giving.map(({ name }) => name), rights: [...rights] },
    conditions: [...conditions],
  };
  return identities.map((identity) => ({ identity, key: key.id, path, unknown }));
}

/** Why a login may have more rights than are known. */
function unknownOf(
  { login, policies }: VaultLogin,
  read: ReadonlyMap<string, readonly PathRule[] | undefined>,
): string[] {
  if (policies === undefined) return [`which policies ${login} has`];
  return policies.flatMap((policy) => {
    if (!read.has(policy)) return [`policy ${policy}, which the stack does not make`];
    return read.get(policy) === undefined ? [`the text of policy ${policy}`] : [];
  });
}

function mayWrite(rules: readonly PathRule[], paths: readonly string[]): boolean {
  return paths.some((path) => {
    const has = capabilitiesAt(rules, path);
    return !has.has("deny") && (has.has("update") || has.has("create") || has.has("patch"));
  });
}
