import { Fault, type Probe } from "../probe";
import { listOf } from "../vault-access";

export const roles: Probe = {
  id: "roles",
  title: "The roles are bound to the declared accounts",
  needs: ["token"],
  run: async ({ declared, vault }) => {
    for (const role of declared.audit.roles) {
      const path = `${role.auth}/role/${role.name}`;
      const live = await vault.read(path);
      if (!live)
        throw new Fault(
          `Vault has no role ${role.name}`,
          `vault list ${role.auth}/role; pulumi up --refresh`,
        );
      const read = `vault read ${path}; pulumi up --refresh`;
      const differs = (what: string, found: unknown) =>
        new Fault(`role ${role.name}: its ${what} is ${JSON.stringify(found)}, not as declared`, read);
      if (listOf(live.token_policies).join() !== [...role.policies].sort().join())
        throw differs("policies", live.token_policies);
      if (live.token_ttl !== role.ttlSeconds) throw differs("token_ttl", live.token_ttl);
      if (String(live.token_type) !== role.tokenType) throw differs("token_type", live.token_type);
      if (live.bound_service_account_names === undefined) {
        // Method jwt.
        const subject = `system:serviceaccount:${role.namespaces[0]}:${role.serviceAccounts[0]}`;
        if (live.bound_subject !== subject) throw differs("bound_subject", live.bound_subject);
        if (listOf(live.bound_audiences).join() !== role.audience)
          throw differs("bound_audiences", live.bound_audiences);
        continue;
      }
      if (listOf(live.bound_service_account_names).join() !== [...role.serviceAccounts].sort().join())
        throw differs("bound_service_account_names", live.bound_service_account_names);
      if (listOf(live.bound_service_account_namespaces).join() !== [...role.namespaces].sort().join())
        throw differs("bound_service_account_namespaces", live.bound_service_account_namespaces);
      // Namespaces beside those that are named.
      const selector = live.bound_service_account_namespace_selector;
      if (selector) throw differs("bound_service_account_namespace_selector", selector);
      if ((live.audience || null) !== role.audience) throw differs("audience", live.audience);
    }
    return declared.audit.roles.map(({ name }) => name).join(", ");
  },
};
