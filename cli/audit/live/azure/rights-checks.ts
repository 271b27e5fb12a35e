import type { Assignment } from "../../../verify/azure/azure-look";
import type { Finding } from "../../finding";
import { found } from "../found";
import type { Grant, Use } from "../live-reading";
import type { AzureFacts, IdentityFacts, KeyFacts } from "./facts";

const USES: Readonly<Record<string, Use>> = {
  decrypt: "decrypt",
  unwrap: "decrypt",
  release: "decrypt",
  backup: "decrypt",
  encrypt: "encrypt",
  wrap: "encrypt",
  rotate: "rotate",
  update: "administer",
  create: "administer",
  import: "administer",
  delete: "delete",
  purge: "delete",
  read: "read",
};

/** Operations by which one comes to data keys, or to the key itself. */
const SEEING: ReadonlySet<string> = new Set(["decrypt", "unwrap", "release", "backup"]);

/** Who has a role on the keys, and whose tokens the declared identities trust. */
export function rightsFindings({ self, keys, identities }: AzureFacts): Finding[] {
  return [
    ...keys.flatMap((key) =>
      (key.assignments ?? []).flatMap((one) => assignmentFinding(one, key, identities, self)),
    ),
    ...identities.flatMap(identityFindings),
  ];
}

/** The same as grants, for everybody. */
export function azureGrants({ keys, identities }: AzureFacts): Grant[] {
  return keys.flatMap(({ declared, assignments = [] }) =>
    assignments.flatMap((one) => {
      const may = [...new Set(one.may.flatMap((operation) => USES[operation] ?? []))].sort();
      const name = identities.find(({ principal }) => principal === one.principal)?.declared.name;
      const identity = name ?? `${one.kind} ${one.principal}`;
      return may.length > 0 ? [{ identity, may, key: declared.url, by: [one.id, `role ${one.role}`] }] : [];
    }),
  );
}

function assignmentFinding(
  { id, principal, kind, role, scope, may }: Assignment,
  { declared, vaultId }: KeyFacts,
  identities: readonly IdentityFacts[],
  self: string | undefined,
): Finding[] {
  const mend = `az role assignment delete --ids ${id}`;
  const ours = identities.find((one) => one.principal === principal)?.declared;
  if (ours !== undefined) {
    const more = may.filter((operation) => !ours.may.includes(operation));
    if (more.length === 0) return [];
    return [
      found("azure-identity-rights", ours.name, `${role} at ${scope} allows ${more.join(", ")} too`, mend),
    ];
  }
  if (!may.some((operation) => SEEING.has(operation))) return [];
  const isNear = scope.startsWith(String(vaultId).toLowerCase());
  const what = `${kind} ${principal} has ${role}, which allows ${may.join(", ")}`;
  if (isNear) return [found("azure-role-assignment", scope, what, mend)];
  // Whoever deploys has to have such a role; that the one who looks has it, he knows.
  return principal === self
    ? []
    : [found("azure-role-inherited", declared.url, `${what}, by ${scope}`, mend)];
}

function identityFindings({ declared, principal, trusts = [] }: IdentityFacts): Finding[] {
  const { name, issuer, subject, audience } = declared;
  if (principal === null)
    return [found("azure-identity-missing", name, "the subscription has no such identity")];
  return trusts
    .filter((one) => one.issuer !== issuer || one.subject !== subject || one.audiences.join() !== audience)
    .map((one) =>
      found(
        "azure-federated-credential",
        `${name}, ${one.name}`,
        `it trusts ${one.subject} of ${one.issuer} for ${one.audiences.join(", ")}; declared is ${subject} of ${issuer}`,
      ),
    );
}
