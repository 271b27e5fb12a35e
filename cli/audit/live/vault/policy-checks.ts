import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import { found } from "../found";
import type { VaultFacts } from "./facts";
import { harms, inWords, type PolicyRights, sees } from "./rights";

/** Policies: the declared ones as declared, and no other that reaches the key. */
export function policyFindings(
  { policies }: VaultFacts,
  declared: DeclaredLoop,
  rights: PolicyRights,
): Finding[] {
  const { audit } = declared;
  return [...(policies ?? [])].flatMap(([name, text]): Finding[] => {
    const where = `sys/policies/acl/${name}`;
    const wanted = audit.policies[name];
    if (wanted !== undefined)
      return text.trim() === wanted.text.trim()
        ? []
        : [
            found(
              "vault-policy-edited",
              where,
              `it allows ${inWords(rights.of([name])) || "nothing with the key"}`,
              `vault policy read ${name}; pulumi up --refresh`,
            ),
          ];
    return undeclared(name, where, rights);
  });
}

function undeclared(name: string, where: string, rights: PolicyRights): Finding[] {
  const allowed = rights.of([name]);
  if (allowed.unclear.length > 0)
    return [
      found(
        "vault-policy-unclear",
        where,
        "its text cannot be read for certain",
        `vault policy read ${name}`,
      ),
    ];
  const words = inWords(allowed);
  if (name === "default")
    return harms(allowed) || allowed.granting.length > 0
      ? [found("vault-policy-default", where, `it allows ${words}`)]
      : [];
  const wildcards = rights.wildcards(name);
  if (sees(allowed))
    return wildcards.length > 0
      ? [found("vault-policy-wildcard", where, `${wildcards.join(", ")} allows ${words}`)]
      : [found("vault-policy-decrypts", where, `it allows ${words}`, `vault policy delete ${name}`)];
  return harms(allowed) || allowed.granting.length > 0
    ? [found("vault-policy-administers", where, `it allows ${words}`)]
    : [];
}
