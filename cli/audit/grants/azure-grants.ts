import { inOrder } from "../facts/azure-rights";
import type { Facts } from "../facts/facts";
import type { Found } from "./found";

/** What Azure's role assignments let each identity do with each key. */
export function azureGrants({ azureLogins }: Facts): Found[] {
  return azureLogins.flatMap(({ login, identities, conditions, assignments }) => {
    const keys = new Set(assignments.flatMap((assignment) => assignment.keys));
    return [...keys].flatMap((key) => {
      const mine = assignments.filter((assignment) => assignment.keys.includes(key));
      const rights = inOrder(mine.flatMap((assignment) => assignment.rights));
      const unknown = mine.flatMap((assignment) => assignment.unknown ?? []);
      if (rights.length === 0 && unknown.length === 0) return [];
      const policies = mine.filter((assignment) => assignment.rights.length > 0).map(({ role }) => role);
      const path = { login, policies, rights, conditions: [...conditions] };
      return identities.map((identity) => ({ identity, key, path, unknown }));
    });
  });
}
