import { Fault, type Probe } from "../probe";
import { listOf } from "../vault-access";

export const vaultRights: readonly Probe[] = [
  {
    id: "policies",
    title: "The policies have the declared text",
    needs: ["vault"],
    run: async ({ declared, vault }) => {
      const names = Object.keys(declared.audit.policies);
      for (const name of names) {
        const live = await vault.read(`sys/policies/acl/${name}`);
        if (!live)
          throw new Fault(`policy ${name} is gone: whoever has it may do nothing`, "pulumi up --refresh");
        if (String(live.policy).trim() !== declared.audit.policies[name]?.text.trim())
          throw new Fault(
            `policy ${name} was edited: it no longer says what is declared`,
            `vault policy read ${name}; pulumi up --refresh`,
          );
      }
      return names.join(", ");
    },
  },
  {
    id: "roles",
    title: "The roles are bound to the declared accounts",
    needs: ["vault"],
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
        // Method jwt binds the subject instead.
        if (live.bound_service_account_names === undefined) continue;
        if (listOf(live.bound_service_account_names).join() !== [...role.serviceAccounts].sort().join())
          throw differs("bound_service_account_names", live.bound_service_account_names);
        if (listOf(live.bound_service_account_namespaces).join() !== [...role.namespaces].sort().join())
          throw differs("bound_service_account_namespaces", live.bound_service_account_namespaces);
        if ((live.audience || null) !== role.audience) throw differs("audience", live.audience);
      }
      return declared.audit.roles.map(({ name }) => name).join(", ");
    },
  },
  {
    id: "login",
    title: "The service accounts log in with tokens for Vault",
    needs: ["vault"],
    run: async ({ logins }) => {
      for (const account of logins.decryptors) await logins.as(account);
      return logins.decryptors
        .map(({ namespace, serviceAccount, role }) => `${namespace}/${serviceAccount} as ${role.name}`)
        .join(", ");
    },
  },
  {
    id: "wrong-audience",
    title: "A token for another audience is refused",
    needs: ["login"],
    run: async ({ logins }) => {
      for (const account of logins.decryptors) {
        const { token } = await logins.attempt(account, "https://sopsloop-verify.invalid");
        if (token !== undefined)
          throw new Fault(
            `${account.role.name} takes a token that was made for somebody else: whoever is given one by Flux could decrypt`,
            `vault read ${account.role.auth}/role/${account.role.name}; pulumi up --refresh`,
          );
      }
      return "refused";
    },
  },
  {
    id: "capabilities",
    title: "Who decrypts may do nothing else",
    needs: ["login"],
    run: async ({ declared, vault, logins }) => {
      const { mount, name } = declared.audit.key;
      const wanted: Readonly<Record<string, string>> = {
        [`${mount}/decrypt/${name}`]: "update",
        [`${mount}/encrypt/${name}`]: "deny",
        [`${mount}/rewrap/${name}`]: "deny",
        [`${mount}/keys/${name}`]: "deny",
        [`${mount}/keys/${name}/rotate`]: "deny",
        [`sys/policies/acl/${declared.policyNames.decrypt}`]: "deny",
      };
      for (const account of logins.decryptors) {
        const live = await vault.capabilitiesOf(await logins.as(account), Object.keys(wanted));
        for (const [path, expected] of Object.entries(wanted))
          if (live.get(path) !== expected)
            throw new Fault(
              `${account.role.name} may "${live.get(path)}" on ${path}; declared is "${expected}"`,
              `vault policy read ${declared.policyNames.decrypt}; pulumi up --refresh`,
            );
      }
      return `decrypt only: ${logins.decryptors.map(({ role }) => role.name).join(", ")}`;
    },
  },
];
