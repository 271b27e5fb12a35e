import type { AzureLook } from "../../azure/azure-look";
import { Fault, type Probe } from "../../probe";
import { fieldOf } from "../../vault-access";
import { azureProbe } from "./azure-probe";

/** Rights that the deployer and administrators have from further up are `sopsloop audit --live`'s; here it is the key's own. */
export function azureRoles(look: AzureLook): Probe {
  return azureProbe(
    "azure-roles",
    "Who may do what with Azure's keys is as declared",
    ["azure-key"],
    async () => {
      const { keys, identities } = look.declared;
      for (const key of keys) {
        const all = await look.assignments(key);
        const scope = (await look.keyId(key)).toLowerCase();
        const known = new Set<string>();
        for (const identity of identities) {
          const principal = String(fieldOf(await look.identity(identity), "properties")?.principalId);
          known.add(principal);
          const own = all.filter((one) => one.principal === principal);
          const may = [...new Set(own.flatMap((one) => one.may))];
          const lacks = identity.may.find((operation) => !may.includes(operation));
          if (lacks !== undefined)
            throw new Fault(
              `${identity.name} may not ${lacks} by ${key.url}: it has ${own.length === 0 ? "no role there" : may.join(", ") || "roles without it"}`,
              `az role assignment list --assignee ${principal} --scope ${scope} --include-inherited; pulumi up --refresh`,
            );
          const more = may.find((operation) => !identity.may.includes(operation));
          const wider = own.find((one) => one.scope !== scope && one.may.length > 0);
          const odd = own.find((one) => more !== undefined && one.may.includes(more)) ?? wider;
          if (odd)
            throw new Fault(
              more === undefined
                ? `${identity.name} has ${odd.role} on more than the key: on ${odd.scope}`
                : `${identity.name} may also ${more}, by ${odd.role} on ${odd.scope}`,
              `az role assignment delete --ids ${odd.id}`,
            );
        }
        const foreign = all.find(
          (one) => one.scope === scope && one.may.length > 0 && !known.has(one.principal),
        );
        if (foreign)
          throw new Fault(
            `somebody else (${foreign.principal}) has ${foreign.role} on ${key.url}: ${foreign.may.join(", ")}`,
            `az role assignment delete --ids ${foreign.id}`,
          );
      }
      return identities.map(({ name, may }) => `${name}: ${may.join(", ")}`).join("; ");
    },
  );
}
